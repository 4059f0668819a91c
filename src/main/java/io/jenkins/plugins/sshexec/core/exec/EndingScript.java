package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code end-command.sh} on a second channel of a command's session: ends the command with all processes that it started,
 * and says which it could not end. Needs a POSIX shell and awk on the server; the script comes by stdin, so that the login
 * shell has to read no more than one plain line of it.
 */
final class EndingScript {

    /** The variable that carries a command's mark; OpenSSH's servers let in {@code LC_*} as most systems configure them. */
    static final String MARK_VARIABLE = "LC_JENKINS_SSH_EXEC";

    private static final int MAX_ANSWER_BYTES = 16 * 1024;
    private static final byte[] SCRIPT = script();

    private final String mark;
    private final RemoteProcess process;
    private final Answer answer;

    private EndingScript(String mark, RemoteProcess process, Answer answer) {
        this.mark = mark;
        this.process = process;
        this.answer = answer;
    }

    /**
     * Starts the script; blocks the calling thread for a few round trips.
     *
     * @param mark value of {@link #MARK_VARIABLE} in the command's environment; letters, digits and hyphens
     * @param grace between TERM and KILL, in whole seconds
     * @param alone whether no other command runs on the session
     * @param signalled whether the server has sent TERM to the command's process group
     */
    static EndingScript start(
            SshSession session, String mark, Duration grace, boolean alone, boolean signalled, Duration timeout)
            throws IOException {
        String line = String.join(
                " ", "exec /bin/sh -s", mark, String.valueOf(grace.toSeconds()), flag(alone), flag(signalled));
        Answer answer = new Answer();
        RemoteProcess process = session.start(RemoteCommand.of(line).withInput(), answer, timeout, new Cancellation());
        EndingScript script = new EndingScript(mark, process, answer);
        try (OutputStream stdin = process.stdin()) {
            stdin.write(SCRIPT);
            return script;
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    private static String flag(boolean value) {
        return value ? "1" : "0";
    }

    /**
     * The processes that are left, as {@code pid command line}; empty where the script did not come to its end, as when the
     * server runs something else in its place. Exceptionally with an {@link SshException} where the channel was cut.
     */
    CompletableFuture<Optional<List<String>>> survivors() {
        return process.exit().thenApply(exit -> answer.survivors(mark));
    }

    /** Waits for the script no more. */
    void close() {
        process.close();
    }

    private static byte[] script() {
        try (InputStream in = EndingScript.class.getResourceAsStream("end-command.sh")) {
            return Objects.requireNonNull(in, "end-command.sh").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the script prints; written by the session's reader thread, and read when the channel is over. */
    private static final class Answer implements OutputSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public synchronized void stdout(byte[] buffer, int offset, int length) {
            bytes.write(buffer, offset, Math.min(length, MAX_ANSWER_BYTES - bytes.size()));
        }

        @Override
        public void stderr(byte[] buffer, int offset, int length) {
            // What a login shell's start-up files may have to say.
        }

        synchronized Optional<List<String>> survivors(String mark) {
            List<String> lines = bytes.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(mark + " "))
                    .map(line -> line.substring(mark.length() + 1).strip())
                    .toList();
            boolean done = !lines.isEmpty() && lines.get(lines.size() - 1).equals("done");
            return done ? Optional.of(lines.subList(0, lines.size() - 1)) : Optional.empty();
        }
    }
}
