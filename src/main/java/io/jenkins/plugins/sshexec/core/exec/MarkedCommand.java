package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command as it is sent, with what its ending has to know of it.
 *
 * @param mark by which its processes can be found on the server, where the system shows their environment
 * @param startTimeout for opening a channel and for the answer to the exec request
 * @param asRoot whether the login is root's
 */
record MarkedCommand(RemoteCommand command, String mark, Duration startTimeout, boolean asRoot) {

    private static final Pattern OPEN_SSH = Pattern.compile("OpenSSH_(\\d+)\\.(\\d+)");

    /** The first OpenSSH that signals commands. */
    private static final int SIGNALS_MAJOR = 7;

    private static final int SIGNALS_MINOR = 9;

    static MarkedCommand of(ExecRequest request, String mark) {
        Map<String, String> environment = new HashMap<>(request.command().environment());
        environment.put(EndingScript.MARK_VARIABLE, mark);
        Login login = request.spec().login();
        return new MarkedCommand(
                request.command().withEnvironment(environment),
                mark,
                request.startTimeout(),
                "root".equals(login.user()));
    }

    /**
     * Whether a server that refuses to signal this command says by that that it runs something else in its place. OpenSSH
     * has two reasons to refuse: a forced command, or a login that it serves without separating privileges, as root's.
     */
    boolean refusalMeansForced(SshSession session) {
        Matcher version = OPEN_SSH.matcher(session.facts().serverVersion());
        if (asRoot || !version.find()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > SIGNALS_MAJOR || major == SIGNALS_MAJOR && Integer.parseInt(version.group(2)) >= SIGNALS_MINOR;
    }
}
