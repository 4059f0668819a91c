package io.jenkins.plugins.sshexec.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hosts.HostRules;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import io.jenkins.plugins.sshexec.hosts.SystemHosts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The settings under Manage Jenkins, System, SSH Exec, and {@code unclassified: sshExec:} of Configuration as Code. Holds
 * values only: who uses them asks for them, or hears of a change by {@link hudson.model.listeners.SaveableListener}.
 */
@Extension
@Symbol("sshExec")
public final class SshExecConfiguration extends GlobalConfiguration implements PersistentDescriptor, SystemHosts {

    private volatile int sessionsPerHost = PoolLimit.SESSIONS_PER_HOST.defaultValue();
    private volatile int sessionsInTotal = PoolLimit.SESSIONS_IN_TOTAL.defaultValue();
    private volatile int channelsPerSession = PoolLimit.CHANNELS_PER_SESSION.defaultValue();
    private volatile int maxIdleSeconds = PoolLimit.MAX_IDLE_SECONDS.defaultValue();
    private volatile int maxAgeSeconds = PoolLimit.MAX_AGE_SECONDS.defaultValue();
    private volatile int connectTimeoutSeconds = PoolLimit.CONNECT_TIMEOUT_SECONDS.defaultValue();
    private volatile int waitTimeoutSeconds = PoolLimit.WAIT_TIMEOUT_SECONDS.defaultValue();
    private volatile int keepAliveSeconds = PoolLimit.KEEP_ALIVE_SECONDS.defaultValue();
    private volatile HostKeyVerification hostKeyVerification = new KnownHostsFileVerification();
    /** Replaced, never changed. An ArrayList, which XStream writes as the plain list that it is. */
    private volatile List<NamedHost> hosts = new ArrayList<>();

    /** What was last loaded or saved. Guarded by this. */
    private transient HostSettings savedHostSettings = new HostSettings(hostKeyVerification, hosts);

    /** What is held to {@link HostRules} together. */
    private record HostSettings(HostKeyVerification verification, List<NamedHost> hosts) {}

    /** The one instance. */
    public static SshExecConfiguration get() {
        return ExtensionList.lookupSingleton(SshExecConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.SshExecConfiguration_displayName();
    }

    /** Sessions in use at once to one host and port; never more than {@link #getSessionsInTotal}. */
    @Override
    public int getSessionsPerHost() {
        return sessionsPerHost;
    }

    @DataBoundSetter
    public void setSessionsPerHost(int sessionsPerHost) {
        this.sessionsPerHost = PoolLimit.SESSIONS_PER_HOST.require(sessionsPerHost);
        save();
    }

    /** Sessions in use at once to all hosts; as many again may be open and idle. */
    public int getSessionsInTotal() {
        return sessionsInTotal;
    }

    @DataBoundSetter
    public void setSessionsInTotal(int sessionsInTotal) {
        this.sessionsInTotal = PoolLimit.SESSIONS_IN_TOTAL.require(sessionsInTotal);
        save();
    }

    /** Commands at once on one session. */
    public int getChannelsPerSession() {
        return channelsPerSession;
    }

    @DataBoundSetter
    public void setChannelsPerSession(int channelsPerSession) {
        this.channelsPerSession = PoolLimit.CHANNELS_PER_SESSION.require(channelsPerSession);
        save();
    }

    /** How long an unused session is kept. */
    public int getMaxIdleSeconds() {
        return maxIdleSeconds;
    }

    @DataBoundSetter
    public void setMaxIdleSeconds(int maxIdleSeconds) {
        this.maxIdleSeconds = PoolLimit.MAX_IDLE_SECONDS.require(maxIdleSeconds);
        save();
    }

    /** How old a session may grow; a running command is never cut by it. */
    public int getMaxAgeSeconds() {
        return maxAgeSeconds;
    }

    @DataBoundSetter
    public void setMaxAgeSeconds(int maxAgeSeconds) {
        this.maxAgeSeconds = PoolLimit.MAX_AGE_SECONDS.require(maxAgeSeconds);
        save();
    }

    /** From name look-up to login. */
    public int getConnectTimeoutSeconds() {
        return connectTimeoutSeconds;
    }

    @DataBoundSetter
    public void setConnectTimeoutSeconds(int connectTimeoutSeconds) {
        this.connectTimeoutSeconds = PoolLimit.CONNECT_TIMEOUT_SECONDS.require(connectTimeoutSeconds);
        save();
    }

    /** For standing in line for a session. */
    public int getWaitTimeoutSeconds() {
        return waitTimeoutSeconds;
    }

    @DataBoundSetter
    public void setWaitTimeoutSeconds(int waitTimeoutSeconds) {
        this.waitTimeoutSeconds = PoolLimit.WAIT_TIMEOUT_SECONDS.require(waitTimeoutSeconds);
        save();
    }

    /** Silence after which a sign of life is asked for; 0 for never. Used by sessions opened from then on. */
    public int getKeepAliveSeconds() {
        return keepAliveSeconds;
    }

    @DataBoundSetter
    public void setKeepAliveSeconds(int keepAliveSeconds) {
        this.keepAliveSeconds = PoolLimit.KEEP_ALIVE_SECONDS.require(keepAliveSeconds);
        save();
    }

    @Override
    public HostKeyVerification getHostKeyVerification() {
        return hostKeyVerification;
    }

    @DataBoundSetter
    public void setHostKeyVerification(HostKeyVerification hostKeyVerification) {
        this.hostKeyVerification = Objects.requireNonNull(hostKeyVerification, "hostKeyVerification");
        save();
    }

    @NonNull
    @Override
    public List<NamedHost> getHosts() {
        return Collections.unmodifiableList(hosts);
    }

    @DataBoundSetter
    public void setHosts(@NonNull List<NamedHost> hosts) {
        this.hosts = new ArrayList<>(hosts);
        save();
    }

    /** Where the page of that name is. */
    @Restricted(NoExternalUse.class)
    public HostImport getHostImport() {
        return new HostImport(this);
    }

    @Override
    public synchronized void load() {
        super.load();
        savedHostSettings = new HostSettings(hostKeyVerification, hosts);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Here the hosts, and the verification that none of them may be laxer than, are held to the rules: only here all
     * changes have been made, which Configuration as Code makes one by one in an order of its own. What breaks a rule is
     * taken back.
     *
     * @throws IllegalArgumentException whose message names the host and says what to do
     */
    @Override
    public synchronized void save() {
        if (!BulkChange.contains(this)) {
            try {
                HostRules.require(hosts, hostKeyVerification);
            } catch (IllegalArgumentException e) {
                hosts = savedHostSettings.hosts();
                hostKeyVerification = savedHostSettings.verification();
                throw e;
            }
            savedHostSettings = new HostSettings(hostKeyVerification, hosts);
        }
        super.save();
    }

    /** Takes the form as a whole or not at all. */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        List<NamedHost> typed;
        try {
            for (PoolLimit limit : PoolLimit.values()) {
                limit.require(json.optInt(limit.field(), limit.min() - 1));
            }
            // Without any host, the form has no such field, which is not to leave the list as it is.
            typed = json.has("hosts") ? req.bindJSONToList(NamedHost.class, json.get("hosts")) : List.of();
            HostRules.require(
                    typed, req.bindJSON(HostKeyVerification.class, json.getJSONObject("hostKeyVerification")));
        } catch (IllegalArgumentException e) {
            throw new FormException(e, "sshExec");
        }
        try (BulkChange change = new BulkChange(this)) {
            req.bindJSON(this, json);
            setHosts(typed);
            change.commit();
            return true;
        } catch (IOException e) {
            throw new FormException(Messages.SshExecConfiguration_unsaved(e), e, "sshExec");
        }
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckSessionsPerHost(@QueryParameter String value) {
        return check(PoolLimit.SESSIONS_PER_HOST, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckSessionsInTotal(@QueryParameter String value) {
        return check(PoolLimit.SESSIONS_IN_TOTAL, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckChannelsPerSession(@QueryParameter String value) {
        return check(PoolLimit.CHANNELS_PER_SESSION, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckMaxIdleSeconds(@QueryParameter String value) {
        return check(PoolLimit.MAX_IDLE_SECONDS, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckMaxAgeSeconds(@QueryParameter String value) {
        return check(PoolLimit.MAX_AGE_SECONDS, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckConnectTimeoutSeconds(@QueryParameter String value) {
        return check(PoolLimit.CONNECT_TIMEOUT_SECONDS, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckWaitTimeoutSeconds(@QueryParameter String value) {
        return check(PoolLimit.WAIT_TIMEOUT_SECONDS, value);
    }

    @POST
    @Restricted(NoExternalUse.class)
    public FormValidation doCheckKeepAliveSeconds(@QueryParameter String value) {
        return check(PoolLimit.KEEP_ALIVE_SECONDS, value);
    }

    private static FormValidation check(PoolLimit limit, String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return limit.check(value);
    }
}
