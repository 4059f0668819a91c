package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.credentials.LoginResolver;
import io.jenkins.plugins.sshexec.hosts.HostProxy;
import io.jenkins.plugins.sshexec.hosts.HostResolver;
import io.jenkins.plugins.sshexec.hosts.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The way to where a command goes, with a login for each host on it. Holds secrets until it is wiped.
 *
 * @param proxyLogins the one for the proxy, where there is one that wants a login
 * @param logins for the hops of the target, in their order, and last for the target itself
 * @param sudoLogins the one for sudo on the target, where it has credentials of its own
 */
record Route(Target target, List<Login> logins, List<PasswordLogin> proxyLogins, List<PasswordLogin> sudoLogins) {

    /**
     * Looks everything up for a build, with the authentication of the calling thread; may block.
     *
     * @throws AbortException whose message is one sentence for the build log
     */
    static Route find(ExecCall call, Run<?, ?> run) throws AbortException {
        LoginOf login = (destination, id) -> LoginResolver.resolve(run, destination, id);
        Route route = find(run.getParent(), call.destination(), call.credentialsId(), login);
        CommandOptions.AsUser sudo = call.options().sudo();
        if (sudo != null && sudo.credentialsId() != null) {
            boolean complete = false;
            try {
                route.sudoLogins.add(password(login, route.target.destination(), sudo.credentialsId()));
                complete = true;
            } finally {
                if (!complete) {
                    route.wipe();
                }
            }
        }
        return route;
    }

    /** As {@link #find(ExecCall, Run)}. */
    static Route find(Run<?, ?> run, Destination typed, @CheckForNull String credentialsId) throws AbortException {
        return find(
                run.getParent(),
                typed,
                credentialsId,
                (destination, id) -> LoginResolver.resolve(run, destination, id));
    }

    /**
     * Looks everything up as for a build of the job; may block. Whether the user may use the job's credentials is the
     * caller's to check.
     *
     * @param job null on a page outside of any job
     */
    static Route find(@CheckForNull Item job, Destination typed, @CheckForNull String credentialsId)
            throws AbortException {
        return find(job, typed, credentialsId, (destination, id) -> LoginResolver.resolve(job, destination, id));
    }

    /** The same for a way that is known, all but the logins. */
    static Route find(@CheckForNull Item job, Target target) throws AbortException {
        return find(target, (destination, id) -> LoginResolver.resolve(job, destination, id));
    }

    /** As {@link #find(Item, Target)}, but that no use of credentials is tracked. */
    static Route peek(@CheckForNull Item job, Target target) throws AbortException {
        return find(target, (destination, id) -> LoginResolver.peek(job, destination, id));
    }

    /** Finds the login for one host of the way, or for a proxy. */
    private interface LoginOf {
        Login find(Destination destination, @CheckForNull String credentialsId) throws AbortException;
    }

    private static Route find(
            @CheckForNull Item job, Destination typed, @CheckForNull String credentialsId, LoginOf login)
            throws AbortException {
        return find(HostResolver.get().resolve(job, typed, credentialsId), login);
    }

    private static Route find(Target target, LoginOf login) throws AbortException {
        Route route = new Route(target, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        boolean complete = false;
        try {
            for (Target hop : target.hops()) {
                route.logins.add(login.find(hop.destination(), hop.credentialsId()));
            }
            route.logins.add(login.find(target.destination(), target.credentialsId()));
            HostProxy proxy = route.stations().get(0).proxy();
            if (proxy != null && proxy.getCredentialsId() != null) {
                route.proxyLogins.add(password(login, proxy.destination(), proxy.getCredentialsId()));
            }
            complete = true;
            return route;
        } finally {
            if (!complete) {
                route.wipe();
            }
        }
    }

    private static PasswordLogin password(LoginOf login, Destination destination, String credentialsId)
            throws AbortException {
        return LoginResolver.requirePassword(login.find(destination, credentialsId), credentialsId, destination);
    }

    /** As whom the command runs, for the log. */
    String shownUser() {
        return targetLogin().shownUser();
    }

    private Login targetLogin() {
        return logins.get(target.hops().size());
    }

    /** What sudo on the target may ask for; empty where the login there is by key, and sudo has no credentials of its own. */
    Optional<SecretBytes> sudoPassword() {
        Stream<Login> own = sudoLogins.stream().map(login -> login);
        return Stream.concat(own, Stream.of(targetLogin()))
                .limit(1)
                .flatMap(
                        login -> login instanceof PasswordLogin password ? Stream.of(password.password()) : Stream.of())
                .findFirst();
    }

    /** Those of which the log must show no secret. */
    List<Login> secretLogins() {
        List<Login> all = new ArrayList<>(logins);
        all.addAll(sudoLogins);
        return all;
    }

    SessionSpec spec(LoginFingerprint.Maker fingerprints) {
        List<Target> stations = stations();
        SessionSpec way = null;
        for (int i = 0; i < stations.size(); i++) {
            Target station = stations.get(i);
            SessionSpec next = SessionSpec.of(
                    station.endpoint(), logins.get(i), station.hostKeyPolicy(), station.algorithms(), fingerprints);
            way = way == null ? first(next, station.proxy(), fingerprints) : next.through(way);
        }
        return way.within(target.limits());
    }

    private SessionSpec first(SessionSpec spec, @CheckForNull HostProxy proxy, LoginFingerprint.Maker fingerprints) {
        return proxy == null
                ? spec
                : spec.by(
                        new Proxy(
                                proxy.getType(),
                                proxy.destination().endpoint(),
                                proxyLogins.stream().findFirst()),
                        fingerprints);
    }

    private List<Target> stations() {
        List<Target> stations = new ArrayList<>(target.hops());
        stations.add(target);
        return stations;
    }

    void wipe() {
        logins.forEach(Login::wipe);
        proxyLogins.forEach(Login::wipe);
        sudoLogins.forEach(Login::wipe);
    }
}
