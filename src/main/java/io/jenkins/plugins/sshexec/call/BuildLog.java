package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.hosts.Target;
import java.io.PrintStream;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Tells the build log how a command comes along: one line before its output, and one for anything out of the ordinary. */
final class BuildLog extends SessionLog implements ExecObserver {

    private final ExecCall call;

    /** @param mask takes the secrets out of a line */
    BuildLog(PrintStream log, ExecCall call, Target target, String user, UnaryOperator<String> mask) {
        super(log, target, user, mask);
        this.call = call;
    }

    @Override
    public void paused() {
        line(Messages.BuildLog_paused(call.destination().endpoint().toShortString()));
    }

    @Override
    String startOf(String where, String session) {
        return call.shown().isEmpty()
                ? Messages.BuildLog_startingQuietly(where, session)
                : Messages.BuildLog_starting(where, session, LogText.firstLine(call.shown()));
    }

    @Override
    public void survived(List<String> processes) {
        line(Messages.BuildLog_survived(
                target().name(), processes.stream().map(LogText::oneLine).collect(Collectors.joining("; "))));
    }

    @Override
    public void mayStillRun() {
        line(Messages.BuildLog_mayStillRun(target().name()));
    }

    /** A durable command goes on without its connection. */
    void lost(SshException failure) {
        line(Messages.BuildLog_lost(target().name(), CallFailures.describe(failure, target())));
    }

    /** Where a durable command keeps its output. */
    void diskWasFull() {
        line(Messages.BuildLog_diskWasFull(target().name()));
    }

    void found() {
        line(Messages.BuildLog_found(target().name()));
    }
}
