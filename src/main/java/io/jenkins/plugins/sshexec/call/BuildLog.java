package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.hosts.Target;
import java.io.PrintStream;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Tells the build log how a command comes along: one line before its output, and one for anything out of the ordinary. */
final class BuildLog implements ExecObserver {

    private final PrintStream log;
    private final ExecCall call;
    private final Target target;
    private final String user;
    private final UnaryOperator<String> mask;

    /** The line that says where the command runs; null before the first. A second try says it only if it is another. */
    private String started;

    /** @param mask takes the secrets out of a line */
    BuildLog(PrintStream log, ExecCall call, Target target, String user, UnaryOperator<String> mask) {
        this.log = log;
        this.call = call;
        this.target = target;
        this.user = user;
        this.mask = mask;
    }

    @Override
    public void waiting(int placeInLine) {
        line(Messages.BuildLog_waiting(target.name(), placeInLine));
    }

    @Override
    public void paused() {
        line(Messages.BuildLog_paused(call.destination().endpoint().toShortString()));
    }

    @Override
    public void connectingAgain(SshException failure) {
        line(Messages.BuildLog_connectingAgain(CallFailures.describe(failure, target)));
    }

    @Override
    public void starting(boolean reusedSession) {
        String where = user + "@" + target.shortName();
        String session = reusedSession ? Messages.BuildLog_reused() : Messages.BuildLog_opened();
        String line = call.shown().isEmpty()
                ? Messages.BuildLog_startingQuietly(where, session)
                : Messages.BuildLog_starting(where, session, LogText.firstLine(call.shown()));
        if (started == null && target.algorithms() == Algorithms.LEGACY) {
            line(Messages.BuildLog_legacy(target.name()));
        }
        if (!line.equals(started)) {
            line(line);
            started = line;
        }
    }

    @Override
    public void retrying(SshException failure) {
        line(Messages.BuildLog_retrying(CallFailures.describe(failure, target)));
    }

    @Override
    public void survived(List<String> processes) {
        line(Messages.BuildLog_survived(
                target.name(), processes.stream().map(LogText::oneLine).collect(Collectors.joining("; "))));
    }

    @Override
    public void mayStillRun() {
        line(Messages.BuildLog_mayStillRun(target.name()));
    }

    /** A durable command goes on without its connection. */
    void lost(SshException failure) {
        line(Messages.BuildLog_lost(target.name(), CallFailures.describe(failure, target)));
    }

    /** Where a durable command keeps its output. */
    void diskWasFull() {
        line(Messages.BuildLog_diskWasFull(target.name()));
    }

    void found() {
        line(Messages.BuildLog_found(target.name()));
    }

    private void line(String text) {
        log.println(mask.apply(text));
    }
}
