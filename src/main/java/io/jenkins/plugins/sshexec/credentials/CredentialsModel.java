package io.jenkins.plugins.sshexec.credentials;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.sshexec.core.model.Destination;
import java.util.List;
import jenkins.model.Jenkins;

/** The credentials that a form offers: those that a job may use for the host that is typed. */
public final class CredentialsModel {

    /** Credentials of which a login can be made. */
    static final CredentialsMatcher USABLE = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(SSHUserPrivateKey.class),
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));

    private static final CredentialsMatcher WITH_PASSWORD =
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class);

    private CredentialsModel() {}

    /**
     * @param job null on a page outside of any job
     * @param host as typed; while it is no valid host, credentials of all domains are offered
     * @param current stays in the list, so that the form keeps what it cannot resolve
     * @return only {@code current} for a user who may not configure the job
     */
    public static ListBoxModel items(@CheckForNull Item job, @CheckForNull String host, @CheckForNull String current) {
        return items(job, host, current, USABLE);
    }

    /** As {@link #items}, of credentials with a password. */
    public static ListBoxModel passwordItems(
            @CheckForNull Item job, @CheckForNull String host, @CheckForNull String current) {
        return items(job, host, current, WITH_PASSWORD);
    }

    private static ListBoxModel items(
            @CheckForNull Item job,
            @CheckForNull String host,
            @CheckForNull String current,
            CredentialsMatcher usable) {
        StandardListBoxModel model = new StandardListBoxModel();
        if (!mayChoose(job)) {
            return model.includeCurrentValue(current == null ? "" : current);
        }
        return model.includeEmptyValue()
                .includeMatchingAs(
                        LoginResolver.authenticationOf(job),
                        job,
                        StandardUsernameCredentials.class,
                        requirements(host),
                        usable)
                .includeCurrentValue(current == null ? "" : current);
    }

    /** Whether {@code id} is among the credentials that the job may use for the host. */
    public static boolean offers(@CheckForNull Item job, @CheckForNull String host, String id) {
        return items(job, host, null).stream().anyMatch(option -> option.value.equals(id));
    }

    /** Whether the user may see which credentials the job could use. */
    public static boolean mayChoose(@CheckForNull Item job) {
        return job == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : job.hasPermission(Item.CONFIGURE)
                        || job.hasPermission(Item.EXTENDED_READ) && job.hasPermission(CredentialsProvider.USE_ITEM);
    }

    private static List<DomainRequirement> requirements(@CheckForNull String host) {
        try {
            return HostRequirements.of(Destination.parse(host).endpoint());
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
