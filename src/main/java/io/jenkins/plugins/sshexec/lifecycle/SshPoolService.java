package io.jenkins.plugins.sshexec.lifecycle;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.core.durable.DurableExec;
import io.jenkins.plugins.sshexec.core.exec.ExecThreads;
import io.jenkins.plugins.sshexec.core.exec.RemoteExec;
import io.jenkins.plugins.sshexec.core.launch.LaunchedExec;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.pool.CommonsSessionPool;
import io.jenkins.plugins.sshexec.core.pool.LeaseWatch;
import io.jenkins.plugins.sshexec.core.pool.PoolOperations;
import io.jenkins.plugins.sshexec.core.pool.PoolSettings;
import io.jenkins.plugins.sshexec.core.pool.ReadySessions;
import io.jenkins.plugins.sshexec.core.pool.SessionPool;
import io.jenkins.plugins.sshexec.core.pool.TimedPool;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import io.jenkins.plugins.sshexec.core.time.Timings;
import io.jenkins.plugins.sshexec.core.transfer.FileTransfer;
import io.jenkins.plugins.sshexec.core.transfer.TemporaryNames;
import io.jenkins.plugins.sshexec.core.transfer.TransferThreads;
import io.jenkins.plugins.sshexec.core.transport.SshTransport;
import io.jenkins.plugins.sshexec.core.transport.TimedTransport;
import io.jenkins.plugins.sshexec.core.transport.jsch.ChannelsAhead;
import io.jenkins.plugins.sshexec.core.transport.jsch.JschTransport;
import io.jenkins.plugins.sshexec.core.transport.jsch.JumpSessions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import jenkins.security.HMACConfidentialKey;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionList;

/**
 * Owner of the controller's one pool: made when Jenkins starts, given new settings when they change, shut down with
 * Jenkins. No thread and no socket exists before the first command, unless a named host keeps sessions ready.
 */
@Extension
public final class SshPoolService {

    /** By which no user of a host can guess what a file that is on its way is called. */
    private static final HMACConfidentialKey TEMPORARY_NAMES =
            new HMACConfidentialKey(SshPoolService.class, "temporaryNames");

    private final PluginThreads threads = new PluginThreads();
    private final TimedExecutor workers = new TimedExecutor(threads.workers(), threads.timer());
    private final LoginFingerprint.Maker fingerprints = new LoginFingerprint.Maker();
    private final JumpSessions jumps = new JumpSessions(NanoClock.SYSTEM);
    private final List<Timings> timings = new CopyOnWriteArrayList<>();
    private final CommonsSessionPool pool;
    private final RemoteExec exec;
    private final LaunchedExec launched;
    private final DurableExec durable;
    private final FileTransfer files;
    private volatile boolean shutDown;

    public SshPoolService() {
        // A transport for each connection, so that changed settings hold from the next one on.
        SshTransport transport = (spec, timeout, cancellation) -> transport().connect(spec, timeout, cancellation);
        pool = new CommonsSessionPool(
                new TimedTransport(transport, this::took, NanoClock.SYSTEM),
                settings(SshExecConfiguration.get()),
                NanoClock.SYSTEM,
                threads.workers(),
                threads.connectors(),
                threads.timer());
        ExecThreads execThreads = new ExecThreads(
                workers,
                new TimedExecutor(threads.writers(), threads.timer()),
                new TimedExecutor(threads.enders(), threads.timer()));
        SessionPool timed = new TimedPool(pool, this::took, NanoClock.SYSTEM);
        exec = new RemoteExec(timed, execThreads, NanoClock.SYSTEM);
        files = new FileTransfer(
                timed,
                new TransferThreads(new TimedExecutor(threads.carriers(), threads.timer()), execThreads.enders()),
                new TemporaryNames(TEMPORARY_NAMES::mac),
                NanoClock.SYSTEM);
        launched = new LaunchedExec(exec);
        durable = new DurableExec(exec, execThreads, NanoClock.SYSTEM);
    }

    private SshTransport transport() {
        SshExecConfiguration configuration = SshExecConfiguration.get();
        return new JschTransport(
                Duration.ofSeconds(configuration.getKeepAliveSeconds()),
                threads.readers(),
                NanoClock.SYSTEM,
                jumps,
                new ChannelsAhead(workers, configuration.getChannelsPerSession()));
    }

    /** The one instance. */
    public static SshPoolService get() {
        return ExtensionList.lookupSingleton(SshPoolService.class);
    }

    public RemoteExec exec() {
        return exec;
    }

    public LaunchedExec launched() {
        return launched;
    }

    public DurableExec durable() {
        return durable;
    }

    public FileTransfer files() {
        return files;
    }

    public SessionPool pool() {
        return pool;
    }

    /** What an administrator can do with the pool. */
    public PoolOperations operations() {
        return pool.operations();
    }

    /**
     * {@link ReadySessions#keep}: keeps sessions of these specifications ready from now on, and of no others. Returns at once;
     * not to be called again before the future has completed.
     *
     * @param wanted the logins must stay unwiped until the future has completed
     * @return completes when no more can be done for now, whatever came of it
     */
    public CompletableFuture<Void> keepReady(Collection<SessionSpec> wanted) {
        return pool.ready().keep(wanted);
    }

    LeaseWatch leaseWatch() {
        return pool.leaseWatch();
    }

    /** From now on {@code more} is told how long the parts of all commands take. */
    public void addTimings(Timings more) {
        timings.add(more);
    }

    /** A part of a command took so long. */
    public void took(Timings.Part part, Duration duration) {
        timings.forEach(each -> each.took(part, duration));
    }

    /** Fingerprints by which the pool tells logins apart. */
    public LoginFingerprint.Maker fingerprints() {
        return fingerprints;
    }

    /** Threads for work that may block for a moment: credentials look-up, exec requests. Refuses none, even at the end. */
    public Executor workers() {
        return workers;
    }

    /** Closes what has been unused or alive for too long. */
    void evictExpired() {
        pool.evictExpired();
        SshExecConfiguration configuration = SshExecConfiguration.get();
        // Afterwards, because the sessions that were closed now have used theirs until now.
        jumps.evict(
                Duration.ofSeconds(configuration.getMaxIdleSeconds()),
                Duration.ofSeconds(configuration.getMaxAgeSeconds()));
    }

    void apply(SshExecConfiguration configuration) {
        pool.apply(settings(configuration));
    }

    /** A limit per host above the total is of no effect, rather than an error that depends on which is set first. */
    private static PoolSettings settings(SshExecConfiguration configuration) {
        return new PoolSettings(
                Math.min(configuration.getSessionsPerHost(), configuration.getSessionsInTotal()),
                configuration.getSessionsInTotal(),
                configuration.getChannelsPerSession(),
                Duration.ofSeconds(configuration.getMaxIdleSeconds()),
                Duration.ofSeconds(configuration.getMaxAgeSeconds()),
                Duration.ofSeconds(configuration.getConnectTimeoutSeconds()),
                Duration.ofSeconds(configuration.getWaitTimeoutSeconds()));
    }

    /** Whether Jenkins stops; what fails from then on may fail because of that. */
    public boolean isShutDown() {
        return shutDown;
    }

    /**
     * Jenkins stops: running commands lose their sessions, waiting ones fail, nothing is left. After Pipeline has suspended
     * its builds, which go on after the restart; before, they would go on now, with steps that fail.
     */
    @Terminator(requires = FlowExecutionList.EXECUTIONS_SUSPENDED)
    public static void shutDown() {
        SshPoolService service = get();
        service.shutDown = true;
        service.pool.close();
        service.jumps.close();
        service.threads.close();
    }
}
