package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Item;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import io.jenkins.plugins.sshexec.hosts.HostResolver;
import io.jenkins.plugins.sshexec.hosts.HostTest;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.hosts.Target;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Tries for a form whether a job's commands would reach their host: with the same host, login, host key rule and pool as
 * theirs, up to a channel on which nothing is run. The session is kept as that of a command is, for whoever has an equal key.
 */
@Extension
public final class ConnectionTest implements HostTest {

    private static final Logger LOGGER = Logger.getLogger(ConnectionTest.class.getName());

    /** Beyond the connect timeout, for the turn to come: whoever waits here holds a thread of the web server. */
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final TestLimit limit = new TestLimit(NanoClock.SYSTEM);

    /** The one instance. */
    public static ConnectionTest get() {
        return ExtensionList.lookupSingleton(ConnectionTest.class);
    }

    /**
     * Blocks for twice the connect timeout and ten seconds at most. The caller has checked that the user may configure the job and
     * use its credentials.
     *
     * @param job null on a page outside of any job
     * @param host {@code [user@]host[:port]}, or a named host
     * @return one sentence that says what was reached
     * @throws AbortException whose message is one sentence that names the stage that failed and says what to do
     */
    public String run(@CheckForNull Item job, @CheckForNull String host, @CheckForNull String credentialsId)
            throws AbortException {
        Destination typed = ExecCall.destination(host);
        return run(job, HostResolver.get().resolve(job, typed, Util.fixEmptyAndTrim(credentialsId)));
    }

    /** Blocks as {@link #run(Item, String, String)} does. */
    @Override
    public String run(@CheckForNull Item place, NamedHost host) throws AbortException {
        return run(place, HostResolver.get().resolve(place, host));
    }

    private String run(@CheckForNull Item job, Target target) throws AbortException {
        Duration wait = limit.take(Jenkins.getAuthentication2().getName(), target.endpoint());
        if (!wait.isZero()) {
            throw new AbortException(Messages.ConnectionTest_tooOften(wait.toSeconds() + 1));
        }
        Route route = Route.find(job, target);
        SecretMask mask = SecretMask.of(route.logins(), StandardCharsets.UTF_8);
        try {
            SessionFacts facts = reach(route, holder(job));
            return Messages.ConnectionTest_reached(
                    target.describe(target.endpoint()), route.shownUser(), facts.hostProof(), facts.serverVersion());
        } catch (SshException e) {
            LOGGER.log(Level.FINE, "A test of a connection failed", e);
            throw new AbortException(mask.apply(CallFailures.describe(e, target), StandardCharsets.UTF_8));
        } finally {
            mask.wipe();
            route.wipe();
        }
    }

    private static LeaseHolder holder(@CheckForNull Item job) {
        return job == null
                ? new LeaseHolder("", Messages.ConnectionTest_holder(), "")
                : new LeaseHolder(job.getFullName(), Messages.ConnectionTest_holderOf(job.getFullName()), job.getUrl());
    }

    private static SessionFacts reach(Route route, LeaseHolder holder) throws SshException, AbortException {
        SshPoolService service = SshPoolService.get();
        SessionSpec spec = route.spec(service.fingerprints());
        String host = route.target().shortName();
        Duration connectTimeout = Duration.ofSeconds(SshExecConfiguration.get().getConnectTimeoutSeconds());
        Duration limit = connectTimeout.plus(WAIT);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<SessionFacts> facts = service.exec().test(spec, holder, connectTimeout, cancellation);
        try {
            return facts.get(limit.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SshException ssh) {
                throw ssh;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException | CancellationException e) {
            throw new AbortException(Messages.ConnectionTest_busy(host, limit.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AbortException(Messages.ConnectionTest_busy(host, limit.toSeconds()));
        } finally {
            cancellation.cancel();
            // The login is wiped next, so nobody may be about to use it: the pool's answer comes at once now.
            facts.exceptionally(failure -> null).join();
        }
    }
}
