package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.hosts.Target;
import java.io.PrintStream;
import java.util.function.UnaryOperator;

/** What the build log is told of a session, whatever it is for. Its public methods are those of the observers in the core. */
abstract class SessionLog {

    private final PrintStream log;
    private final Target target;
    private final String user;
    private final UnaryOperator<String> mask;

    /** The line that says what is begun; null before the first. A second try says it only if it is another. */
    private String started;

    /** @param mask takes the secrets out of a line */
    SessionLog(PrintStream log, Target target, String user, UnaryOperator<String> mask) {
        this.log = log;
        this.target = target;
        this.user = user;
        this.mask = mask;
    }

    final Target target() {
        return target;
    }

    public final void waiting(int placeInLine) {
        line(Messages.BuildLog_waiting(target.name(), placeInLine));
    }

    public final void connectingAgain(SshException failure) {
        line(Messages.BuildLog_connectingAgain(CallFailures.describe(failure, target)));
    }

    public final void starting(boolean reusedSession) {
        if (started == null && target.algorithms() == Algorithms.LEGACY) {
            line(Messages.BuildLog_legacy(target.name()));
        }
        String session = reusedSession ? Messages.BuildLog_reused() : Messages.BuildLog_opened();
        String line = startOf(user + "@" + target.shortName(), session);
        if (!line.equals(started)) {
            line(line);
            started = line;
        }
    }

    /** The line that says what is begun, where, and whether on a new session. */
    abstract String startOf(String where, String session);

    public final void retrying(SshException failure) {
        line(Messages.BuildLog_retrying(CallFailures.describe(failure, target)));
    }

    final void line(String text) {
        log.println(mask.apply(text));
    }
}
