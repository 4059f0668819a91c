package io.jenkins.plugins.sshexec.core.launch;

import io.jenkins.plugins.sshexec.core.exec.CommandInput;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.exec.ExecRequest;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.InputSource;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Runs commands with what goes with them. One with nothing around it is sent as it is; so is one that has no more than a
 * terminal or an input. Thread-safe; one object serves all builds.
 */
public final class LaunchedExec {

    /** The end of input at a terminal that has not been told otherwise (VEOF in termios(3)): ^D. */
    static final InputSource END_OF_FILE = InputSource.of(new byte[] {4});

    private final RemoteExec exec;

    public LaunchedExec(RemoteExec exec) {
        this.exec = exec;
    }

    /**
     * As {@link RemoteExec#run}.
     *
     * @return how the command ended; or exceptionally an {@link io.jenkins.plugins.sshexec.core.error.SshException}, which is a
     *     {@link io.jenkins.plugins.sshexec.core.error.LaunchRefused} where the command was not begun
     */
    public CompletableFuture<ExecResult> run(
            LaunchRequest request, OutputSink output, ExecObserver observer, Cancellation cancellation) {
        if (request.setting().needsLauncher() || !(request.program() instanceof CommandLine line)) {
            return new LaunchedCommand(request).run(exec, output, observer, cancellation);
        }
        CommandSetting setting = request.setting();
        List<CompletionStage<InputSource>> pieces = new ArrayList<>();
        setting.input().ifPresent(input -> pieces.add(CompletableFuture.completedFuture(input)));
        if (setting.terminal().isPresent()) {
            pieces.add(CompletableFuture.completedFuture(END_OF_FILE));
        }
        RemoteCommand command = RemoteCommand.of(line.text());
        return exec.run(execRequest(request, command, pieces), output, observer, cancellation);
    }

    /** @param pieces of the input; empty where the command reads none */
    static ExecRequest execRequest(
            LaunchRequest request, RemoteCommand line, List<? extends CompletionStage<InputSource>> pieces) {
        RemoteCommand command =
                request.setting().terminal().map(line::withTerminal).orElse(line);
        return new ExecRequest(
                request.spec(),
                request.holder(),
                pieces.isEmpty() ? command : command.withInput(),
                request.startTimeout(),
                request.limits(),
                pieces.isEmpty() ? Optional.empty() : Optional.of(new CommandInput(List.copyOf(pieces))));
    }
}
