package io.jenkins.plugins.sshexec.management;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Api;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.model.MalformedDestinationException;
import io.jenkins.plugins.sshexec.core.pool.PoolOperations;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.access.AccessDeniedException;

/**
 * Manage Jenkins, SSH sessions: the page of the pool, its API, and what an administrator can do there. To see it takes
 * Overall/SystemRead or Overall/Manage, to act Overall/Manage. Builds are named to those who may see their jobs.
 */
@Extension
public final class SshSessionsLink extends ManagementLink implements StaplerProxy {

    private static final Logger LOGGER = Logger.getLogger(SshSessionsLink.class.getName());

    private static final int BAD_REQUEST = 400;

    @Override
    public String getIconFileName() {
        return "symbol-terminal";
    }

    @Override
    public String getDisplayName() {
        return Messages.SshSessionsLink_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.SshSessionsLink_description();
    }

    @Override
    public String getUrlName() {
        return "ssh-sessions";
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.STATUS;
    }

    /** Of two permissions either is enough, and only one can be named here; whoever sees Manage Jenkins has one of them. */
    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.READ;
    }

    /** The page, its parts and the API are for those alone who may see them. */
    @Override
    @Restricted(NoExternalUse.class)
    public Object getTarget() {
        checkMaySee();
        return this;
    }

    static void checkMaySee() {
        Jenkins.get().checkAnyPermission(Jenkins.SYSTEM_READ, Jenkins.MANAGE);
    }

    /** The pool now, as the current user may see it. */
    @Restricted(NoExternalUse.class)
    public SessionsPage getPage() {
        return page();
    }

    static SessionsPage page() {
        return new SessionsPage(SshPoolService.get().pool().snapshot(), SshSessionsLink::maySee);
    }

    /** Whether the current user may know of a build. */
    private static boolean maySee(LeaseHolder holder) {
        try {
            return Jenkins.get().getItemByFullName(holder.job()) != null;
        } catch (AccessDeniedException e) {
            return false; // Thrown where the user may know that there is such a job, but not see it.
        }
    }

    @Restricted(NoExternalUse.class)
    public HistoryChart getChart() {
        return new HistoryChart(PoolSampler.history().samples(), Instant.now());
    }

    /** Whether the current user may act. */
    @Restricted(NoExternalUse.class)
    public boolean isMayAct() {
        return Jenkins.get().hasPermission(Jenkins.MANAGE);
    }

    /** {@code api/json} and the like. */
    @Restricted(NoExternalUse.class)
    public Api getApi() {
        return new Api(getPage());
    }

    /** Closes all sessions that nobody uses. */
    @POST
    @Restricted(NoExternalUse.class)
    public HttpResponse doEvictIdle() {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return done("closed the idle sessions (" + operations().evictIdle() + ")");
    }

    /** Closes one session, when nobody uses it. One that has ended by itself needs no more closing. */
    @POST
    @Restricted(NoExternalUse.class)
    public HttpResponse doEvict(@QueryParameter String session) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        long id = id(session);
        boolean found = operations().evict(id);
        return done((found ? "closed session " : "wanted to close what is no session any more: ") + id);
    }

    /** Closes all sessions to a host, each when nobody uses it. */
    @POST
    @Restricted(NoExternalUse.class)
    public HttpResponse doDrain(@QueryParameter String host) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        Endpoint endpoint = endpoint(host);
        return done("drained " + endpoint + " (" + operations().drain(endpoint) + " sessions)");
    }

    /** Lets nobody begin a command on a host. */
    @POST
    @Restricted(NoExternalUse.class)
    public HttpResponse doPause(@QueryParameter String host) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        Endpoint endpoint = endpoint(host);
        operations().pause(endpoint);
        return done("paused " + endpoint);
    }

    /** Ends a pause. */
    @POST
    @Restricted(NoExternalUse.class)
    public HttpResponse doResume(@QueryParameter String host) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        Endpoint endpoint = endpoint(host);
        operations().resume(endpoint);
        return done("resumed " + endpoint);
    }

    private static PoolOperations operations() {
        return SshPoolService.get().operations();
    }

    private static long id(@CheckForNull String session) {
        try {
            return Long.parseLong(String.valueOf(session));
        } catch (NumberFormatException e) {
            throw HttpResponses.errorWithoutStack(BAD_REQUEST, Messages.SshSessionsLink_session());
        }
    }

    private static Endpoint endpoint(@CheckForNull String host) {
        try {
            Destination destination = Destination.parse(host);
            if (destination.user().isEmpty()) {
                return destination.endpoint();
            }
        } catch (MalformedDestinationException e) {
            LOGGER.log(Level.FINE, "Not a host", e);
        }
        throw HttpResponses.errorWithoutStack(BAD_REQUEST, Messages.SshSessionsLink_host());
    }

    private static HttpResponse done(String what) {
        LOGGER.log(Level.INFO, "{0} {1}", new Object[] {
            Jenkins.getAuthentication2().getName(), what
        });
        return HttpResponses.redirectToDot();
    }
}
