package io.jenkins.plugins.sshexec.workspace;

import hudson.FilePath;
import hudson.remoting.RemoteInputStream;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.sshexec.core.transfer.FileSelection;
import io.jenkins.plugins.sshexec.core.transfer.LocalWorkspace;
import io.jenkins.plugins.sshexec.core.transfer.Workspace;
import io.jenkins.plugins.sshexec.core.transfer.WorkspaceException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jenkins.agents.ControllerToAgentFileCallable;

/**
 * A directory of a build, on the controller or on an agent. What is asked of it runs where the directory is; contents go
 * over remoting in large pieces, without touching the controller's disk. From an agent they come as answers: a stream of its own
 * that the server is slow to take would hold up what else the agent writes, such as the logs of other builds.
 */
public final class AgentWorkspace implements Workspace {

    private final FilePath directory;

    public AgentWorkspace(FilePath directory) {
        this.directory = directory;
    }

    private <T> T act(ControllerToAgentFileCallable<T> work) throws IOException, InterruptedException {
        try {
            return directory.act(work);
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof WorkspaceException told) {
                    throw told; // remoting wraps it
                }
            }
            throw e;
        }
    }

    private static LocalWorkspace local(File directory) {
        return new LocalWorkspace(directory.toPath());
    }

    private record Listed(String from, FileSelection selection) implements ControllerToAgentFileCallable<Listing> {
        private static final long serialVersionUID = 1L;

        @Override
        public Listing invoke(File directory, VirtualChannel channel) throws IOException {
            return local(directory).list(from, selection);
        }
    }

    @Override
    public Listing list(String from, FileSelection selection) throws IOException, InterruptedException {
        return act(new Listed(from, selection));
    }

    private record Read(String base, List<Piece> pieces) implements ControllerToAgentFileCallable<Block> {
        private static final long serialVersionUID = 1L;

        @Override
        public Block invoke(File directory, VirtualChannel channel) throws IOException {
            return local(directory).read(base, pieces);
        }
    }

    @Override
    public Block read(String base, List<Piece> pieces) throws IOException, InterruptedException {
        return act(new Read(base, pieces));
    }

    private record Digested(String base, String path, long offset, long length)
            implements ControllerToAgentFileCallable<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public String invoke(File directory, VirtualChannel channel) throws IOException {
            return local(directory).digest(base, path, offset, length);
        }
    }

    @Override
    public String digest(String base, String path, long offset, long length) throws IOException, InterruptedException {
        return act(new Digested(base, path, offset, length));
    }

    private record Placed(String into, boolean single, String name) implements ControllerToAgentFileCallable<Place> {
        private static final long serialVersionUID = 1L;

        @Override
        public Place invoke(File directory, VirtualChannel channel) throws IOException {
            return local(directory).place(into, single, name);
        }
    }

    @Override
    public Place place(String into, boolean single, String name) throws IOException, InterruptedException {
        return act(new Placed(into, single, name));
    }

    private record Looked(String base, List<Arrival> arrivals) implements ControllerToAgentFileCallable<List<Found>> {
        private static final long serialVersionUID = 1L;

        @Override
        public List<Found> invoke(File directory, VirtualChannel channel) throws IOException {
            return local(directory).find(base, arrivals);
        }
    }

    @Override
    public List<Found> find(String base, List<Arrival> arrivals) throws IOException, InterruptedException {
        return act(new Looked(base, new ArrayList<>(arrivals)));
    }

    private record Received(String base, List<Arrival> arrivals, Manner manner, RemoteInputStream in)
            implements ControllerToAgentFileCallable<Void> {
        private static final long serialVersionUID = 1L;

        @Override
        public Void invoke(File directory, VirtualChannel channel) throws IOException {
            local(directory).receive(base, arrivals, manner, in);
            return null;
        }
    }

    @Override
    public void receive(String base, List<Arrival> arrivals, Manner manner, InputStream in)
            throws IOException, InterruptedException {
        RemoteInputStream remote = new RemoteInputStream(in, Set.of(RemoteInputStream.Flag.GREEDY));
        act(new Received(base, new ArrayList<>(arrivals), manner, remote));
    }
}
