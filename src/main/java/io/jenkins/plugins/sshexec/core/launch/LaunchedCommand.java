package io.jenkins.plugins.sshexec.core.launch;

import io.jenkins.plugins.sshexec.core.error.LaunchRefused;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.InputSource;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.launch.Dialogue.Sign;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * One command behind a {@link Launcher}: what is sent, and when. First sudo's password, where sudo asks for it; then the
 * launcher's line, once the launcher is there to read it; then the command's input, once the command's terminal, if it has one,
 * is again as the server made it.
 *
 * <p>The answers are given on the thread that writes the output, one at a time.
 */
final class LaunchedCommand {

    private static final InputSource NOTHING = InputSource.of(new byte[0]);

    /** Of a shell that does not find a command (POSIX). */
    private static final int NOT_FOUND = 127;

    private final LaunchRequest request;
    private final CommandSetting setting;
    private final Launcher launcher;
    private final String token = "@jse-" + UUID.randomUUID() + "-";

    private final CompletableFuture<InputSource> password = new CompletableFuture<>();
    private final CompletableFuture<InputSource> preamble = new CompletableFuture<>();
    private final CompletableFuture<InputSource> input = new CompletableFuture<>();
    private final byte[] preambleBytes;

    /** What was sent for a password; null as long as none was. Used on the thread that answers, and at the end. */
    private final AtomicReference<byte[]> passwordLine = new AtomicReference<>();

    /** Why sudo got no further; null where it did, or has not said. Likewise. */
    private volatile LaunchRefused.Cause sudoRefused;

    LaunchedCommand(LaunchRequest request) {
        this.request = request;
        this.setting = request.setting();
        this.launcher = new Launcher(setting, token);
        this.preambleBytes = launcher.preamble(request.program());
    }

    CompletableFuture<ExecResult> run(
            RemoteExec exec, OutputSink output, ExecObserver observer, Cancellation cancellation) {
        if (setting.sudo().isEmpty()) {
            password.complete(NOTHING);
        }
        if (!launcher.saysWhenReady()) {
            preamble.complete(InputSource.of(preambleBytes));
        }
        if (setting.terminal().isEmpty()) {
            input.complete(setting.input().orElse(NOTHING));
        }
        Dialogue dialogue = new Dialogue(output, token, setting.terminal().isPresent(), this::answer);
        return exec.run(
                        LaunchedExec.execRequest(request, RemoteCommand.of(launcher.line()), pieces()),
                        dialogue,
                        observer,
                        cancellation)
                .handle((result, failure) -> {
                    wipe();
                    return outcome(dialogue, result, failure);
                });
    }

    private List<CompletableFuture<InputSource>> pieces() {
        CompletableFuture<InputSource> end = input.thenApply(before -> LaunchedExec.END_OF_FILE);
        return Stream.concat(
                        Stream.of(password, preamble, input),
                        setting.terminal().stream().map(terminal -> end))
                .toList();
    }

    private void answer(Sign sign) {
        switch (sign) {
            case PASSWORD -> askedForPassword();
            case READY -> {
                password.complete(NOTHING);
                preamble.complete(InputSource.of(preambleBytes));
            }
            case STARTING -> input.complete(setting.input().orElse(NOTHING));
            case NO_DIRECTORY, NO_SCRIPT -> hangUp(input);
        }
    }

    private void askedForPassword() {
        Optional<SecretBytes> known = setting.sudo().flatMap(Sudo::password);
        if (passwordLine.get() != null) {
            sudoRefused = LaunchRefused.Cause.WRONG_PASSWORD;
            hangUp(preamble);
        } else if (known.isEmpty()) {
            sudoRefused = LaunchRefused.Cause.NO_PASSWORD;
            hangUp(password);
        } else {
            byte[] secret = known.get().copy();
            byte[] line = Arrays.copyOf(secret, secret.length + 1);
            line[secret.length] = '\n';
            Arrays.fill(secret, (byte) 0);
            passwordLine.set(line);
            password.complete(InputSource.of(line));
        }
    }

    /** Ends the input with this piece: whoever reads it is told that nothing more comes, and nothing is. */
    private void hangUp(CompletableFuture<InputSource> piece) {
        piece.complete(setting.terminal().isPresent() ? LaunchedExec.END_OF_FILE : NOTHING);
        Stream.of(preamble, input).forEach(next -> next.completeExceptionally(new CancellationException()));
    }

    private void wipe() {
        Arrays.fill(preambleBytes, (byte) 0);
        byte[] sent = passwordLine.get();
        if (sent != null) {
            Arrays.fill(sent, (byte) 0);
        }
    }

    private ExecResult outcome(Dialogue dialogue, ExecResult result, Throwable failure) {
        if (failure != null) {
            throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
        }
        try {
            dialogue.end();
        } catch (IOException e) {
            throw new CompletionException(new OutputRefused(request.spec().endpoint(), e));
        }
        if (!dialogue.isStarted()) {
            throw new CompletionException(new LaunchRefused(
                    request.spec().endpoint(), refusedBy(dialogue, result.exit()), lastLine(dialogue.said())));
        }
        return result;
    }

    private LaunchRefused.Cause refusedBy(Dialogue dialogue, RemoteExit exit) {
        if (dialogue.hasHeard(Sign.NO_DIRECTORY)) {
            return LaunchRefused.Cause.DIRECTORY;
        }
        if (dialogue.hasHeard(Sign.NO_SCRIPT)) {
            return LaunchRefused.Cause.SCRIPT;
        }
        if (setting.sudo().isEmpty()) {
            return LaunchRefused.Cause.SHELL;
        }
        if (sudoRefused != null) {
            return sudoRefused;
        }
        String said = dialogue.said().toLowerCase(Locale.ROOT);
        if (said.contains("must have a tty")) {
            return LaunchRefused.Cause.NO_TERMINAL;
        }
        if (said.contains("incorrect password attempt")) {
            return LaunchRefused.Cause.WRONG_PASSWORD;
        }
        return exit instanceof RemoteExit.Exited exited && exited.status() == NOT_FOUND
                ? LaunchRefused.Cause.NO_SUDO
                : LaunchRefused.Cause.SUDO;
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1).strip();
    }
}
