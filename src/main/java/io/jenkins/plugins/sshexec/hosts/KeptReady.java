package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import io.jenkins.plugins.sshexec.credentials.LoginResolver;
import io.jenkins.plugins.sshexec.credentials.UnusableCredentialsException;
import java.util.Optional;

/** Whether sessions to a host can be kept ready as it says, as far as is known without the host. */
final class KeptReady {

    private KeptReady() {}

    /**
     * Why fewer will be kept ready than the host says, or none, in one sentence. Looks the login up, which may block.
     *
     * @param folder in whose form the host is; null for the system configuration
     */
    static Optional<String> obstacle(@CheckForNull Item folder, NamedHost host) {
        Target target;
        try {
            target = HostResolver.get().resolve(folder, host);
        } catch (UnfitHostException e) {
            return Optional.empty(); // The field that is wrong says so.
        }
        int most = target.limits().sessionsPerHost(SystemHosts.get().getSessionsPerHost());
        if (host.getMinIdleSessions() > most) {
            return Optional.of(Messages.KeptReady_fewer(most));
        }
        try {
            LoginResolver.peek(folder, target.destination(), target.credentialsId())
                    .wipe();
            return Optional.empty();
        } catch (UnusableCredentialsException e) {
            return Optional.of(Messages.KeptReady_none(e.getMessage()));
        }
    }
}
