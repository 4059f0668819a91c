package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.call.ManyCalls;
import io.jenkins.plugins.sshexec.call.NamedHosts;
import io.jenkins.plugins.sshexec.form.SshTargetForm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** What steps have in common that go to one host or to many at once: which these are, and how many at a time. */
public abstract class HostsStep extends SshStep {

    /** Null where none are given; an empty list is a mistake. */
    @CheckForNull
    private List<String> hosts;

    @CheckForNull
    private String hostsLabel;

    private int maxParallel;
    private boolean failFast;

    /** The blocks around the step, for the credentials of each host. */
    private SshDefaults around = SshDefaults.NONE;

    /** Each as {@link #getHost}; null for one host, or those with a label. */
    @CheckForNull
    public List<String> getHosts() {
        return hosts == null ? null : Collections.unmodifiableList(hosts);
    }

    @DataBoundSetter
    public void setHosts(@CheckForNull List<String> hosts) {
        this.hosts = hosts == null ? null : new ArrayList<>(hosts);
    }

    /** {@link #getHosts} as the form shows them. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public String getHostsText() {
        return hosts == null ? null : String.join("\n", hosts);
    }

    /** All named hosts that the job knows and that have this label; null for one host, or a list. */
    @CheckForNull
    public String getHostsLabel() {
        return hostsLabel;
    }

    @DataBoundSetter
    public void setHostsLabel(@CheckForNull String hostsLabel) {
        this.hostsLabel = Util.fixEmptyAndTrim(hostsLabel);
    }

    public int getMaxParallel() {
        return maxParallel;
    }

    /** On so many hosts at once; 0 for all. */
    @DataBoundSetter
    public void setMaxParallel(int maxParallel) {
        this.maxParallel = maxParallel;
    }

    public boolean isFailFast() {
        return failFast;
    }

    /** As in {@code parallel}: whether the first failure ends the command on the other hosts. */
    @DataBoundSetter
    public void setFailFast(boolean failFast) {
        this.failFast = failFast;
    }

    boolean goesToMany() {
        return hosts != null || hostsLabel != null;
    }

    /** The host of a block around the step is not for a step that names its hosts. */
    @Override
    void inherit(SshDefaults ofBlocks) {
        around = ofBlocks;
        if (!goesToMany()) {
            super.inherit(ofBlocks);
        }
    }

    /** The step's own credentials, or else those that the blocks around it have for this host. */
    @CheckForNull
    String credentialsIdFor(String host) {
        return getCredentialsId() == null ? around.credentialsIdFor(host) : getCredentialsId();
    }

    /**
     * All hosts, once each, as the user calls them.
     *
     * @throws AbortException with one sentence, for parameters that say nothing or several things
     */
    List<String> manyHosts(Run<?, ?> run) throws AbortException {
        if ((getHost() == null ? 0 : 1) + (hosts == null ? 0 : 1) + (hostsLabel == null ? 0 : 1) > 1) {
            throw new AbortException(Messages.HostsStep_oneOf());
        }
        ManyCalls.maxParallel(maxParallel);
        List<String> names = hosts == null ? NamedHosts.labelled(run.getParent(), hostsLabel) : trimmed(hosts);
        if (names.isEmpty()) {
            throw new AbortException(Messages.HostsStep_noHosts());
        }
        Set<String> seen = new LinkedHashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new AbortException(Messages.HostsStep_twice(name));
            }
        }
        return names;
    }

    private static List<String> trimmed(List<String> typed) {
        return typed.stream().map(host -> Util.fixNull(host).trim()).toList();
    }

    /** Web methods of the fields above. */
    abstract static class HostsStepDescriptor extends SshStepDescriptor {

        /** The form has the list as text: one on each line, or parted by spaces or commas. */
        @Override
        public Step newInstance(StaplerRequest2 request, JSONObject form) throws FormException {
            Object typed = form.get("hosts");
            if (typed instanceof String text) {
                form.remove("hosts");
                List<String> hosts = split(text);
                if (!hosts.isEmpty()) {
                    form.put("hosts", hosts);
                }
            }
            return super.newInstance(request, form);
        }

        private static List<String> split(String text) {
            return List.of(text.split("[\\s,]+")).stream()
                    .filter(host -> !host.isEmpty())
                    .toList();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckHosts(
                @AncestorInPath Item job,
                @QueryParameter String value,
                @QueryParameter String host,
                @QueryParameter String hostsLabel) {
            if (!SshTargetForm.mayConfigure(job)) {
                return FormValidation.ok();
            }
            List<String> hosts = split(Util.fixNull(value));
            int given = (Util.fixEmptyAndTrim(host) == null ? 0 : 1)
                    + (hosts.isEmpty() ? 0 : 1)
                    + (Util.fixEmptyAndTrim(hostsLabel) == null ? 0 : 1);
            if (given > 1) {
                return FormValidation.error(Messages.HostsStep_oneOf());
            }
            return hosts.stream()
                    .map(each -> SshTargetForm.checkHost(job, each))
                    .filter(check -> check.kind != FormValidation.Kind.OK)
                    .findFirst()
                    .orElseGet(FormValidation::ok);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckHostsLabel(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkHostsLabel(job, value);
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckMaxParallel(@AncestorInPath Item job, @QueryParameter String value) {
            return SshTargetForm.checkMaxParallel(job, value);
        }
    }
}
