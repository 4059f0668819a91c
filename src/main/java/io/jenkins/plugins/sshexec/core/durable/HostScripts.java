package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.CommandInput;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.exec.ExecRequest;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs the {@link ControlScripts} of one command on its host, each over a lease of its own. */
final class HostScripts {

    private static final CompletionStage<?> AT_ONCE = CompletableFuture.completedFuture(null);

    private final RemoteExec exec;
    private final DurableRequest request;
    private final ControlScripts scripts;

    HostScripts(RemoteExec exec, DurableRequest request, ControlScripts scripts) {
        this.exec = exec;
        this.request = request;
        this.scripts = scripts;
    }

    /** Cancelled only before the script is sent: what ends a command that runs would end half a launch. */
    CompletableFuture<ScriptAnswer> launch(byte[] command, ExecObserver observer, Cancellation cancellation) {
        return ask(scripts.launch(command), ExecLimits.NONE, observer, cancellation);
    }

    CompletableFuture<ScriptAnswer> status(Duration limit) {
        return ask(scripts.status(), limit);
    }

    CompletableFuture<ScriptAnswer> end(Duration limit) {
        return ask(scripts.end(), limit);
    }

    CompletableFuture<ScriptAnswer> remove(Duration limit) {
        return ask(scripts.remove(), limit);
    }

    CompletableFuture<ScriptAnswer> sweep(Duration limit) {
        return ask(scripts.sweep(), limit);
    }

    private CompletableFuture<ScriptAnswer> ask(byte[] script, Duration limit) {
        ExecLimits limits = new ExecLimits(Optional.empty(), Optional.of(limit));
        return ask(script, limits, new Unobserved(), new Cancellation());
    }

    private CompletableFuture<ScriptAnswer> ask(
            byte[] script, ExecLimits limits, ExecObserver observer, Cancellation cancellation) {
        ScriptAnswer answer = new ScriptAnswer(request.id());
        return run(script, AT_ONCE, limits, answer, observer, cancellation).thenApply(result -> answer);
    }

    /**
     * @param detach when it completes, the script ends by itself, with what it has printed
     * @param cancellation ends it where it does not
     */
    CompletableFuture<ExecResult> follow(
            Offsets from, CompletionStage<?> detach, OutputSink output, Cancellation cancellation) {
        return run(scripts.follow(from), detach, ExecLimits.NONE, output, new Unobserved(), cancellation);
    }

    private CompletableFuture<ExecResult> run(
            byte[] script,
            CompletionStage<?> end,
            ExecLimits limits,
            OutputSink output,
            ExecObserver observer,
            Cancellation cancellation) {
        ExecRequest exec = new ExecRequest(
                request.spec(),
                request.holder(),
                RemoteCommand.of(scripts.line()).withInput(),
                request.startTimeout(),
                limits,
                Optional.of(CommandInput.of(script, end)));
        return this.exec.run(exec, output, observer, cancellation);
    }

    /** The scripts after the first come and go without a word. */
    private static final class Unobserved implements ExecObserver {

        @Override
        public void waiting(int placeInLine) {
            // A command that runs has time.
        }

        @Override
        public void paused() {
            // Nor does it mind.
        }

        @Override
        public void starting(boolean reusedSession) {
            // Not news.
        }

        @Override
        public void retrying(SshException failure) {
            // Nothing was lost.
        }

        @Override
        public void connectingAgain(SshException failure) {
            // Told once as a whole, where the command is looked for.
        }

        @Override
        public void survived(List<String> processes) {
            // Of a script, not of the command.
        }

        @Override
        public void mayStillRun() {
            // Of a script, which ends with its connection.
        }
    }
}
