package io.jenkins.plugins.sshexec.benchmark;

import hudson.ExtensionList;
import io.jenkins.plugins.sshexec.call.ReadyHosts;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * First commands to a host that keeps sessions ready: each takes one that no command has used before. Sessions are opened many at a time,
 * outside of what is measured, and rest for so long that each is asked for a sign of life before it is lent, as one that has waited for a build is.
 */
final class KeptReady {

    private static final String HOST = "kept-ready";
    private static final int SESSIONS = 50;
    private static final Duration REST = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 100;

    private final EmbeddedPlugin plugin;
    private final Endpoint way;
    private final String user;
    private final String credentialsId;

    KeptReady(EmbeddedPlugin plugin, Endpoint way, String user, String credentialsId) {
        this.plugin = plugin;
        this.way = way;
        this.user = user;
        this.credentialsId = credentialsId;
    }

    private NamedHost host(int keptReady) {
        NamedHost host = new NamedHost(HOST);
        host.setAddress(way.host());
        host.setPort(way.port());
        host.setUser(user);
        host.setCredentialsId(credentialsId);
        host.setSessionsPerHost(SESSIONS);
        host.setMinIdleSessions(keptReady);
        return host;
    }

    String name() {
        return "`sshExec`, session kept ready";
    }

    /** Runs a command on a session that is ready, and closes that. Returns nanoseconds. */
    long exec(String command) throws Exception {
        if (sessions().findAny().isEmpty()) {
            open();
        }
        long start = System.nanoTime();
        plugin.beginOnNamed(HOST, command).get().requireSuccess();
        long nanos = System.nanoTime() - start;
        List<PoolSnapshot.Session> used =
                sessions().filter(session -> session.uses() > 0).toList();
        if (used.size() != 1) {
            throw new IllegalStateException("One session was to be used, not " + used);
        }
        SshPoolService.get().operations().evict(used.get(0).id());
        return nanos;
    }

    private void open() throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        SshExecConfiguration.get().setHosts(List.of(host(SESSIONS)));
        while (sessions().count() < SESSIONS) {
            if (System.nanoTime() - giveUp > 0) {
                throw new IllegalStateException("No more than " + sessions().count() + " sessions were opened");
            }
            ExtensionList.lookupSingleton(ReadyHosts.class).run();
            Thread.sleep(LOOK_MILLIS);
        }
        // Those that are used up are not to be opened again while something is measured.
        SshExecConfiguration.get().setHosts(List.of(host(0)));
        Thread.sleep(REST.toMillis());
    }

    private Stream<PoolSnapshot.Session> sessions() {
        return SshPoolService.get().pool().snapshot().sessions().stream()
                .filter(session -> session.endpoint().equals(way) && !session.ending());
    }
}
