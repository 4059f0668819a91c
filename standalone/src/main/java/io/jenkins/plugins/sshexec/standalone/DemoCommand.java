package io.jenkins.plugins.sshexec.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.SignalListener;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** A command on the demo server: a process of {@code /bin/sh} without input, ended by signals and with its channel. */
final class DemoCommand implements Command, SignalListener {
    private static final int PUMP_BUFFER = 8 * 1024;

    private final String text;
    private final Executor pumps;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;

    /** Set by {@link #start}, and read by the session's own threads. */
    private volatile Process process;

    DemoCommand(String text, Executor pumps) {
        this.text = text;
        this.pumps = pumps;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        process = new ProcessBuilder("/bin/sh", "-c", text).start();
        process.getOutputStream().close();
        environment.addSignalListener(this);
        CompletableFuture.allOf(
                        pump(process.getInputStream(), out), pump(process.getErrorStream(), err), process.onExit())
                .whenComplete((ended, failure) -> {
                    // A failed pump is a closed channel, to which no status can be told.
                    exit.onExit(failure == null ? process.exitValue() : -1);
                });
    }

    private CompletableFuture<Void> pump(InputStream from, OutputStream to) {
        return CompletableFuture.runAsync(
                () -> {
                    byte[] buffer = new byte[PUMP_BUFFER];
                    try (from) {
                        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                            to.write(buffer, 0, read);
                            to.flush();
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                pumps);
    }

    @Override
    public void signal(Channel channel, Signal signal) {
        if (signal == Signal.KILL) {
            tree().forEach(ProcessHandle::destroyForcibly);
        } else {
            tree().forEach(ProcessHandle::destroy);
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        if (process != null) {
            tree().forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** What the command has started, and itself last, so that it does not start more. */
    private Stream<ProcessHandle> tree() {
        return Stream.concat(process.descendants().toList().stream(), Stream.of(process.toHandle()));
    }

    @Override
    public void setInputStream(InputStream in) {
        // The process has none.
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        this.out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        this.err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        this.exit = callback;
    }
}
