package io.jenkins.plugins.sshexec.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.ExitCallback;

/** One command as the {@link EmbeddedSshServer} sees it. Used by the thread that runs its script. */
public final class RemoteCall {

    /** Instead of a command, where a client asks for files (draft-ietf-secsh-filexfer-02). */
    public static final String SFTP = "subsystem sftp";

    private static final Logger LOGGER = Logger.getLogger(RemoteCall.class.getName());
    private static final int SCRIPT_FAILED = 255;

    /** Where distributions have it. */
    private static final Optional<String> SFTP_SERVER = Stream.of(
                    "/usr/lib/openssh/sftp-server",
                    "/usr/libexec/openssh/sftp-server",
                    "/usr/libexec/sftp-server",
                    "/usr/lib/ssh/sftp-server")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst();

    private final String command;
    private final ScriptedChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private final ExitCallback exit;
    private final BlockingQueue<String> signals = new LinkedBlockingQueue<>();

    RemoteCall(
            String command,
            ScriptedChannel channel,
            InputStream in,
            OutputStream out,
            OutputStream err,
            ExitCallback exit) {
        this.command = command;
        this.channel = channel;
        this.in = in;
        this.out = out;
        this.err = err;
        this.exit = exit;
        // Here, on MINA's thread for the connection: no signal can have come before.
        channel.getEnvironment().addSignalListener((from, signal) -> signals.add(signal.name()));
    }

    public String command() {
        return command;
    }

    /** The address of the server that the client has connected to. */
    public String serverAddress() {
        return ((InetSocketAddress) channel.getSession().getIoSession().getLocalAddress())
                .getAddress()
                .getHostAddress();
    }

    public RemoteCall stdout(String text) throws IOException {
        return stdout(text.getBytes(StandardCharsets.UTF_8));
    }

    public RemoteCall stdout(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    public RemoteCall stderr(String text) throws IOException {
        err.write(text.getBytes(StandardCharsets.UTF_8));
        err.flush();
        return this;
    }

    /** Copies stdin to stdout until the client ends it. */
    public RemoteCall copyInput() throws IOException {
        in.transferTo(out);
        out.flush();
        return this;
    }

    /** Waits for the client's next signal; without SIG, such as {@code TERM}. */
    public String awaitSignal() throws InterruptedException {
        return signals.take();
    }

    /** Ends the command with an exit status. */
    public void exit(int status) {
        exit.onExit(status);
    }

    /** Ends the command as one that a signal killed; without SIG, such as {@code KILL}. */
    public void signalled(String signal) throws IOException {
        channel.sendExitSignal(signal);
    }

    /** Ends the channel without saying how the command ended. */
    public void endWithoutStatus() {
        channel.close(false);
    }

    /** Sends the client a packet of the session, well encrypted, whatever is in it. */
    public RemoteCall packet(int type, byte[] payload) throws IOException {
        Buffer packet = channel.getSession().createBuffer((byte) type);
        packet.putRawBytes(payload);
        channel.getSession().writePacket(packet);
        return this;
    }

    /** The client's number of this command's channel. */
    public long recipient() {
        return channel.getRecipient();
    }

    /** Cuts the TCP connection. */
    public void dropConnection() {
        channel.getSession().close(true);
    }

    /** Never ends; interrupted when the server is closed. */
    public void hang() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    void run(EmbeddedSshServer.Script script) {
        try {
            script.run(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server is being closed
        } catch (Exception e) {
            LOGGER.log(Level.FINE, "The script of " + command + " failed", e);
            exit.onExit(SCRIPT_FAILED, e.toString());
        }
    }

    /** Has /bin/sh run the command on this machine, as this user, with the client's input. */
    public void runProcess() throws IOException, InterruptedException {
        exit.onExit(run(new ProcessBuilder("/bin/sh", "-c", command), Long.MAX_VALUE, process -> {}));
    }

    /** Has OpenSSH's sftp-server do what the client asks for, with the files of this machine. */
    public void serveFiles() throws IOException, InterruptedException {
        exit.onExit(run(sftpServer(), Long.MAX_VALUE, process -> {}));
    }

    /** As {@link #serveFiles}, until so many bytes have come and gone; then nothing passes any more. */
    public void serveFilesUntilSilent(long bytes) throws IOException, InterruptedException {
        run(sftpServer(), bytes, process -> hang());
    }

    /** As {@link #serveFiles}, until so many bytes have come and gone; then sftp-server is killed. */
    public void serveFilesUntilKilled(long bytes) throws IOException, InterruptedException {
        run(sftpServer(), bytes, Process::destroyForcibly);
        signalled("KILL");
    }

    /** Skips the test where there is no program for {@link #serveFiles}. */
    public static void assumeFilesCanBeServed() {
        assumeTrue(SFTP_SERVER.isPresent(), "No sftp-server: apt-get install openssh-sftp-server");
    }

    /** Where that program is; skips the test where it is not installed. */
    public static String installedSftpServer() {
        assumeFilesCanBeServed();
        return SFTP_SERVER.orElseThrow();
    }

    private static ProcessBuilder sftpServer() {
        return new ProcessBuilder(SFTP_SERVER.orElseThrow());
    }

    /** What becomes of a process in the midst of its work. */
    @FunctionalInterface
    private interface Fate {
        void befall(Process process) throws InterruptedException;
    }

    private int run(ProcessBuilder builder, long bytes, Fate fate) throws IOException, InterruptedException {
        Process process = builder.start();
        AtomicLong left = new AtomicLong(bytes);
        Thread input = start("stdin", () -> feed(new Passage(process.getOutputStream(), process, left, fate)));
        try {
            Thread errors = start("stderr", () -> copy(process.getErrorStream(), err));
            copy(process.getInputStream(), new Passage(out, process, left, fate));
            errors.join();
            return process.waitFor();
        } finally {
            process.destroyForcibly();
            input.interrupt();
        }
    }

    /** What a process and its client say passes here, up to a point. */
    private static final class Passage extends FilterOutputStream {
        private final Process process;
        private final AtomicLong left;
        private final Fate fate;

        Passage(OutputStream to, Process process, AtomicLong left, Fate fate) {
            super(to);
            this.process = process;
            this.left = left;
            this.fate = fate;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (left.addAndGet(-length) < 0) {
                try {
                    fate.befall(process);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("Nothing passes any more");
            }
            out.write(buffer, offset, length);
        }
    }

    private static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, "embedded sshd " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Ends the process's input with the client's, or with the connection. */
    private void feed(OutputStream stdin) {
        try (stdin) {
            copy(in, stdin);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The process takes no more input", e);
        }
    }

    private static void copy(InputStream from, OutputStream to) {
        try {
            byte[] buffer = new byte[8192];
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                to.write(buffer, 0, length);
                to.flush();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "One side went away", e);
        }
    }
}
