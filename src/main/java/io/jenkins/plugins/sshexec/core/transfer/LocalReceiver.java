package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Arrival;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Manner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    private record Open(Path temporary, Path target, FileChannel channel) {}

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
            Path directory = into.makeDirectories(RelativePath.parent(arrival.target()));
            Path temporary = directory.resolve(arrival.temporary());
            Path target = directory.resolve(LocalDirectory.name(into.resolve(arrival.target())));
            boolean hidden = LocalDirectory.isPosix(directory)
                    && permissions(target, arrival.source())
                            .map(its -> !its.contains(PosixFilePermission.OTHERS_READ))
                            .orElse(false);
            open.put(number, new Open(temporary, target, channel(temporary, offset, hidden)));
        });
    }

    /** @param hidden whether nobody else may read it meanwhile */
    private static FileChannel channel(Path temporary, long offset, boolean hidden) throws IOException {
        if (offset > 0) {
            FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS); // it was found before
            return channel.position(offset).truncate(offset);
        }
        Files.deleteIfExists(temporary);
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return hidden
                ? FileChannel.open(temporary, options, PosixFilePermissions.asFileAttribute(ONLY_OWNER))
                : FileChannel.open(temporary, options);
    }

    /** Which a file is to have when it is complete; none where it is to have those of any new file. */
    private Optional<Set<PosixFilePermission>> permissions(Path target, FileEntry source) throws IOException {
        if (manner.keepPermissions() && source.permissions() != FileEntry.NO_PERMISSIONS) {
            return Optional.of(LocalDirectory.permissions(source.permissions()));
        }
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS))
                : Optional.empty();
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
            try {
                finish(complete, arrivals.get(number));
            } catch (IOException e) {
                Files.deleteIfExists(complete.temporary());
                throw e;
            }
        });
    }

    private void finish(Open complete, Arrival arrival) throws IOException {
        complete.channel().close();
        if (LocalDirectory.isPosix(complete.temporary())) {
            Optional<Set<PosixFilePermission>> permissions = permissions(complete.target(), arrival.source());
            if (permissions.isPresent()) {
                Files.setPosixFilePermissions(complete.temporary(), permissions.get());
            }
        }
        if (manner.keepTimes()) {
            Files.setLastModifiedTime(
                    complete.temporary(), FileTime.fromMillis(arrival.source().modifiedSeconds() * 1000));
        }
        if (Files.isDirectory(complete.target(), LinkOption.NOFOLLOW_LINKS)) {
            throw new WorkspaceException(arrival.target(), Problem.OTHER, "it is a directory");
        }
        Files.move(complete.temporary(), complete.target(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Leaves what is there of a file that can be taken up again, and nothing of others. */
    @Override
    public void close() throws IOException {
        for (Map.Entry<Integer, Open> left : open.entrySet()) {
            left.getValue().channel().close();
            if (!arrivals.get(left.getKey()).resumable()) {
                Files.deleteIfExists(left.getValue().temporary());
            }
        }
    }
}
