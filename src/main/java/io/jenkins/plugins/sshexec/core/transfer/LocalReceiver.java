package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Arrival;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Manner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes files that come, each under a temporary name until it is complete, and then in the place of what was there in one
 * moment. A link in that place is replaced, not followed.
 */
final class LocalReceiver implements ArrivalStream.Receiver, AutoCloseable {

    private static final Set<PosixFilePermission> ONLY_OWNER = PosixFilePermissions.fromString("rw-------");

    private final LocalDirectory into;
    private final List<Arrival> arrivals;
    private final Manner manner;

    /** Files of which not all is there. */
    private final Map<Integer, Open> open = new HashMap<>();

    /** @param name that the file gets in the end */
    private record Open(HeldDirectory directory, String temporary, String name, SeekableByteChannel channel) {}

    LocalReceiver(LocalDirectory into, List<Arrival> arrivals, Manner manner) {
        this.into = into;
        this.arrivals = arrivals;
        this.manner = manner;
    }

    /** Something about one file. */
    @FunctionalInterface
    private interface Act {
        void run() throws IOException;
    }

    private void of(int number, Act act) throws IOException {
        try {
            act.run();
        } catch (IOException e) {
            throw WorkspaceException.of(arrivals.get(number).target(), e);
        }
    }

    @Override
    public void begin(int number, long offset) throws IOException {
        Arrival arrival = arrivals.get(number);
        of(number, () -> {
            if (!RelativePath.isSafe(arrival.target())) {
                throw new WorkspaceException(arrival.target(), Problem.NAME, "");
            }
            if (arrival.source().directory()) {
                into.makeDirectories(arrival.target());
                return;
            }
            HeldDirectory directory = into.hold(into.makeDirectories(RelativePath.parent(arrival.target())));
            try {
                String name = LocalDirectory.name(into.resolve(arrival.target()));
                boolean hidden = permissions(directory, name, arrival.source())
                        .map(its -> !its.contains(PosixFilePermission.OTHERS_READ))
                        .orElse(false);
                SeekableByteChannel channel = channel(directory, arrival.temporary(), offset, hidden);
                open.put(number, new Open(directory, arrival.temporary(), name, channel));
            } catch (IOException | RuntimeException e) {
                directory.close();
                throw e;
            }
        });
    }

    /** @param hidden whether nobody else may read it meanwhile */
    private static SeekableByteChannel channel(HeldDirectory directory, String temporary, long offset, boolean hidden)
            throws IOException {
        if (offset > 0) { // it was found before
            return directory
                    .channel(temporary, Set.of(StandardOpenOption.WRITE))
                    .position(offset)
                    .truncate(offset);
        }
        directory.deleteIfExists(temporary);
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return hidden
                ? directory.channel(temporary, options, PosixFilePermissions.asFileAttribute(ONLY_OWNER))
                : directory.channel(temporary, options);
    }

    /** Which a file is to have when it is complete; none where it is to have those of any new file. */
    private Optional<Set<PosixFilePermission>> permissions(HeldDirectory directory, String name, FileEntry source)
            throws IOException {
        if (!LocalDirectory.isPosix(directory.path())) {
            return Optional.empty();
        }
        if (manner.keepPermissions() && source.permissions() != FileEntry.NO_PERMISSIONS) {
            return Optional.of(LocalDirectory.permissions(source.permissions()));
        }
        boolean replaces = directory
                .attributes(name)
                .filter(BasicFileAttributes::isRegularFile)
                .isPresent();
        return replaces ? Optional.of(directory.permissions(name)) : Optional.empty();
    }

    @Override
    public void data(int number, byte[] bytes) throws IOException {
        of(number, () -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                open.get(number).channel().write(buffer);
            }
        });
    }

    @Override
    public void end(int number) throws IOException {
        of(number, () -> {
            Open complete = open.remove(number);
            try (HeldDirectory directory = complete.directory()) {
                try {
                    finish(complete, arrivals.get(number));
                } catch (IOException e) {
                    directory.deleteIfExists(complete.temporary());
                    throw e;
                }
            }
        });
    }

    private void finish(Open complete, Arrival arrival) throws IOException {
        HeldDirectory directory = complete.directory();
        complete.channel().close();
        if (manner.keepTimes()) { // first, since the permissions may be such that the file cannot be opened any more
            directory.setTime(
                    complete.temporary(), FileTime.fromMillis(arrival.source().modifiedSeconds() * 1000));
        }
        Optional<Set<PosixFilePermission>> permissions = permissions(directory, complete.name(), arrival.source());
        if (permissions.isPresent()) {
            directory.setPermissions(complete.temporary(), permissions.get());
        }
        if (directory
                .attributes(complete.name())
                .filter(BasicFileAttributes::isDirectory)
                .isPresent()) {
            throw new WorkspaceException(arrival.target(), Problem.OTHER, "it is a directory");
        }
        directory.rename(complete.temporary(), complete.name());
    }

    /** Leaves what is there of a file that can be taken up again, and nothing of others. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Map.Entry<Integer, Open> left : open.entrySet()) {
            try {
                leave(left.getValue(), arrivals.get(left.getKey()).resumable());
            } catch (IOException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e; // the other files are closed all the same
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void leave(Open incomplete, boolean resumable) throws IOException {
        try (HeldDirectory directory = incomplete.directory()) {
            incomplete.channel().close();
            if (!resumable) {
                directory.deleteIfExists(incomplete.temporary());
            }
        }
    }
}
