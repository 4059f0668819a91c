package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.durable.Offsets;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * How far a durable command has come, in a small file of its build's directory. It is written after each piece of output that
 * is in the log, by one short write at the same place, so that it is right even if Jenkins is killed; Pipeline saves its own
 * state too seldom for that. No secret is in it. Thread-safe.
 */
final class DurableState implements Closeable {

    /** Of the one line that the file has; the rest is blanks. */
    private static final int LENGTH = 128;

    private final Path path;
    private final RandomAccessFile file;

    /** Guarded by this. */
    private Offsets logged = Offsets.NONE;

    /** Guarded by this. */
    private boolean launched;

    /** When output was logged last, in the controller's wall clock, which alone goes on over a restart. Guarded by this. */
    private long heardMillis = System.currentTimeMillis();

    /** Null while it is not known. Guarded by this. */
    private RemoteExit exit;

    private DurableState(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    /**
     * Opens the state of a command, new or as it was left.
     *
     * @param directory of the build
     */
    static DurableState open(Path directory, UUID id) throws IOException {
        Files.createDirectories(directory);
        DurableState state = new DurableState(directory.resolve("ssh-exec-" + id + ".state"));
        try {
            state.read();
            return state;
        } catch (IOException | RuntimeException e) {
            state.close();
            throw e;
        }
    }

    private synchronized void read() throws IOException {
        if (file.length() < LENGTH) {
            return; // new, or Jenkins was killed before anything was known
        }
        byte[] bytes = new byte[LENGTH];
        file.readFully(bytes);
        String[] words = new String(bytes, StandardCharsets.US_ASCII).trim().split(" ");
        try {
            logged = new Offsets(Long.parseLong(words[0]), Long.parseLong(words[1]));
            launched = Boolean.parseBoolean(words[2]);
            heardMillis = Long.parseLong(words[3]);
            exit = switch (words[4]) {
                case "exited" -> new Exited(Integer.parseInt(words[5]));
                case "signalled" -> new Signalled(words[5]);
                default -> null;
            };
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(path + " has been changed", e);
        }
    }

    private void write() throws IOException {
        String end = "- -";
        if (exit instanceof Exited exited) {
            end = "exited " + exited.status();
        } else if (exit instanceof Signalled signalled) {
            end = "signalled " + signalled.signal();
        }
        String line = String.join(
                " ",
                String.valueOf(logged.stdout()),
                String.valueOf(logged.stderr()),
                String.valueOf(launched),
                String.valueOf(heardMillis),
                end);
        file.seek(0);
        file.write(String.format("%-" + (LENGTH - 1) + "s%n", line).getBytes(StandardCharsets.US_ASCII), 0, LENGTH);
    }

    /** The command's output is in the log so far. Takes no step back, for output that is read once more. */
    synchronized void logged(long stdout, long stderr) throws IOException {
        logged = new Offsets(Math.max(logged.stdout(), stdout), Math.max(logged.stderr(), stderr));
        heardMillis = System.currentTimeMillis();
        write();
    }

    synchronized void launched() throws IOException {
        launched = true;
        write();
    }

    synchronized void ended(RemoteExit how) throws IOException {
        exit = how;
        write();
    }

    synchronized Offsets logged() {
        return logged;
    }

    /** Whether the command is known to have been started. */
    synchronized boolean isLaunched() {
        return launched;
    }

    synchronized Optional<RemoteExit> exit() {
        return Optional.ofNullable(exit);
    }

    /** Since output came last; a wall clock that was set back makes it short rather than negative. */
    synchronized Duration silence() {
        return Duration.ofMillis(Math.max(0, System.currentTimeMillis() - heardMillis));
    }

    /** The command is over: nobody will look for it. */
    synchronized void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
