package io.jenkins.plugins.sshexec.core.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;

/**
 * The side of a transfer that is not the server: a directory on the controller or on an agent. Each call blocks until the
 * agent has answered. Failures are {@link WorkspaceException}s, or other {@code IOException}s where the agent is not
 * reached.
 */
public interface Workspace {

    /**
     * What is to be copied.
     *
     * @param base the directory that the paths are below
     * @param single whether it is one file that was asked for by its own name
     */
    record Listing(String base, boolean single, List<FileEntry> entries) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A file that is to be read from a byte on.
     *
     * @param end how long it was when it was listed; what it has behind that is not read
     * @param identity of the file that the bytes before came from, as the agent has it; empty where that does not matter
     */
    record Piece(String path, long offset, long end, String identity) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * What has been read at once.
     *
     * @param content of the files, as {@link ContentStream} reads it
     * @param complete how many of the pieces were read to their end
     * @param rest what is left of the one after them, if it was begun; else null
     */
    record Block(byte[] content, int complete, Piece rest) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A file that is about to come.
     *
     * @param target its path below the base
     * @param temporary the name that it has until it is complete
     * @param resumable whether to look for what an earlier transfer has left of it
     */
    record Arrival(FileEntry source, String target, String temporary, boolean resumable) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * What there is of such a file.
     *
     * @param present the file that would be replaced; null where there is none
     * @param partialBytes what an earlier transfer has left; 0 for nothing
     * @param tail a digest of its last {@link #TAIL_BYTES}
     */
    record Found(FileEntry present, long partialBytes, String tail) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** How files that come are treated. */
    record Manner(boolean keepPermissions, boolean keepTimes) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** So many bytes of files are read at once, or fewer. */
    int BLOCK_BYTES = 1 << 20;

    /** By how much of its end a broken file is recognized. */
    int TAIL_BYTES = 64 * 1024;

    /**
     * Lists a file, or what is below a directory; follows links that stay inside the workspace.
     *
     * @param from below the workspace; empty for all of it
     */
    Listing list(String from, FileSelection selection) throws IOException, InterruptedException;

    /**
     * Reads files one after the other, as many as fit into a block. So an agent sends no more than it was asked for, and what a
     * server is slow to take does not pile up before the agent's other traffic.
     *
     * @param base of the {@link Listing}, which the paths are below
     * @param pieces at least one; who wants the rest asks again, from where the answer ends
     */
    Block read(String base, List<Piece> pieces) throws IOException, InterruptedException;

    /** The digest of {@code length} bytes of a file, as {@link TailDigest} makes it. */
    String digest(String base, String path, long offset, long length) throws IOException, InterruptedException;

    /**
     * Where files are to go: below {@code into}, which is made; or in its place, where it is a single one and {@code into}
     * is no directory and does not end in a slash.
     *
     * @return the directory below which the single file's name, or everything else, goes; and that name
     */
    Place place(String into, boolean single, String name) throws IOException, InterruptedException;

    /** @param name null where the files keep theirs */
    record Place(String base, String name) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** What there is of each of these, in their order. */
    List<Found> find(String base, List<Arrival> arrivals) throws IOException, InterruptedException;

    /**
     * Writes files, and makes directories, as {@link ArrivalStream} sends them; returns when all are in place.
     *
     * @param arrivals by their numbers in the stream
     */
    void receive(String base, List<Arrival> arrivals, Manner manner, InputStream in)
            throws IOException, InterruptedException;
}
