package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;
import hudson.Extension;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.hosts.HostResolver;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.hosts.PlacedHost;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * Has sessions kept ready to the named hosts that say so ({@link NamedHost#getMinIdleSessions}), with the login that a build in the place of
 * the host gets. The pool sees to the rest; here the logins are looked up, each time anew, so that sessions of a login that has changed
 * are kept no more. While Jenkins is quieting down, none are.
 */
@Extension
public final class ReadyHosts extends PeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(ReadyHosts.class.getName());

    /** How often it is looked whether sessions are missing. Jenkins calls first when all jobs are loaded. */
    private static final long RECURRENCE_MILLIS = TimeUnit.SECONDS.toMillis(20);

    /** Whether the last look has not ended: hosts that do not answer are waited for. */
    private final AtomicBoolean looking = new AtomicBoolean();

    /** Why which hosts have no login; each was logged. Used by who has set {@link #looking}, and no one else. */
    private final Map<String, String> problems = new HashMap<>();

    @Override
    public long getRecurrencePeriod() {
        return RECURRENCE_MILLIS;
    }

    /** As SYSTEM, as Jenkins calls it. */
    @Override
    protected void doRun() {
        look();
    }

    /**
     * Returns at once.
     *
     * @return completes when no more can be done for now, whatever came of it; empty where the last look has not ended, or Jenkins does
     */
    Optional<CompletableFuture<Void>> look() {
        SshPoolService service = SshPoolService.get();
        List<PlacedHost> hosts =
                Jenkins.get().isQuietingDown() ? List.of() : HostResolver.get().keptReady();
        if (service.isShutDown() || !looking.compareAndSet(false, true)) {
            return Optional.empty();
        }
        // Credentials may come from far away, and this thread is everybody's; but none is started for nothing.
        Executor executor = hosts.isEmpty() ? Runnable::run : service.workers();
        return Optional.of(CompletableFuture.supplyAsync(() -> keepReady(service, hosts), executor)
                .thenCompose(Function.identity())
                .whenComplete((done, failure) -> {
                    looking.set(false);
                    if (failure != null) {
                        LOGGER.log(Level.WARNING, "Sessions could not be kept ready", failure);
                    }
                }));
    }

    private CompletableFuture<Void> keepReady(SshPoolService service, List<PlacedHost> hosts) {
        problems.keySet().retainAll(hosts.stream().map(PlacedHost::toString).collect(Collectors.toSet()));
        List<Route> routes = new ArrayList<>();
        try {
            hosts.forEach(host -> route(host).ifPresent(routes::add));
            List<SessionSpec> specs = routes.stream()
                    .map(route -> route.spec(service.fingerprints()))
                    .toList();
            return service.keepReady(specs).whenComplete((done, failure) -> routes.forEach(Route::wipe));
        } catch (RuntimeException | Error e) {
            routes.forEach(Route::wipe);
            throw e;
        }
    }

    private Optional<Route> route(PlacedHost placed) {
        String problem;
        try {
            Route route = Route.peek(placed.folder(), HostResolver.get().resolve(placed.folder(), placed.host()));
            if (problems.remove(placed.toString()) != null) {
                LOGGER.log(Level.INFO, "The host {0} has a login again with which sessions are kept ready", placed);
            }
            return Optional.of(route);
        } catch (AbortException e) {
            problem = e.getMessage();
        } catch (RuntimeException e) {
            problem = e.toString(); // Of a credentials provider, which is no reason to leave out all other hosts.
        }
        if (!problem.equals(problems.put(placed.toString(), problem))) {
            LOGGER.log(
                    Level.WARNING,
                    "No session is kept ready to the host {0}, since none can be opened outside of a build: {1}",
                    new Object[] {placed, problem});
        }
        return Optional.empty();
    }
}
