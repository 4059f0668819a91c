package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.sshexec.call.CallResult;
import java.io.Serializable;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/** What {@code sshExec(..., returnResult: true)} returns; usable in the Groovy sandbox, kept over a restart. */
public final class SshExecResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String host;
    private final String stdout;
    private final String stderr;
    private final int status;

    @CheckForNull
    private final String signal;

    private final long durationMillis;
    private final boolean reusedSession;

    SshExecResult(CallResult result) {
        host = result.host();
        stdout = result.stdout();
        stderr = result.stderr();
        status = result.status();
        signal = result.signal();
        durationMillis = result.duration().toMillis();
        reusedSession = result.reusedSession();
    }

    /** The host that the command ran on. */
    @Whitelisted
    public String getHost() {
        return host;
    }

    /** All of standard output, with its final newline if it had one. */
    @Whitelisted
    public String getStdout() {
        return stdout;
    }

    @Whitelisted
    public String getStderr() {
        return stderr;
    }

    /** The exit status; 128 and the signal's number where a signal ended the command, as in a shell. */
    @Whitelisted
    public int getStatus() {
        return status;
    }

    /** The signal that ended the command, without SIG; null where it exited by itself. */
    @Whitelisted
    @CheckForNull
    public String getSignal() {
        return signal;
    }

    /** From just before the command was sent until its end was known, in milliseconds. */
    @Whitelisted
    public long getDurationMillis() {
        return durationMillis;
    }

    /** Whether the command used a session that had been opened for an earlier one. */
    @Whitelisted
    public boolean isReusedSession() {
        return reusedSession;
    }

    /** For {@code echo "${result}"}: how the command ended, without its output. */
    @Whitelisted
    @Override
    public String toString() {
        return host + ": " + (signal == null ? "exit status " + status : "signal " + signal) + " after "
                + durationMillis + " ms";
    }
}
