package io.jenkins.plugins.sshexec.hostkey;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Only keys that are listed in the configuration itself. */
public final class GivenKeysVerification extends HostKeyVerification {

    private String keys = "";

    @DataBoundConstructor
    public GivenKeysVerification() {
        // Without keys every host is refused.
    }

    /** Lines of the known_hosts format. */
    public String getKeys() {
        return keys;
    }

    @DataBoundSetter
    public void setKeys(@CheckForNull String keys) {
        String text = lines(keys);
        problem(text).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        this.keys = text;
    }

    /** With the line ends of every browser. */
    private static String lines(@CheckForNull String text) {
        return Util.fixNull(text).replace("\r\n", "\n").stripTrailing();
    }

    /** Which lines are none of the format, if any. */
    private static Optional<String> problem(String text) {
        List<String> bad = KnownHostsSource.parse(text, String::valueOf).stream()
                .filter(entry -> entry.line().isEmpty())
                .map(KnownHostsSource.Entry::place)
                .toList();
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(Messages.GivenKeysVerification_badLines(String.join(", ", bad)));
    }

    @Override
    public HostKeyPolicy policy(String requester) {
        return new KnownHostsPolicy(List.of(new GivenKeys(keys)));
    }

    @Override
    public boolean isForFolders() {
        return true;
    }

    @Override
    public Strictness strictness() {
        return Strictness.KNOWN_KEYS;
    }

    @Extension
    @Symbol("givenKeys")
    public static final class DescriptorImpl extends Descriptor<HostKeyVerification> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GivenKeysVerification_displayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckKeys(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            String text = lines(value);
            if (text.isEmpty()) {
                return FormValidation.warning(Messages.GivenKeysVerification_noKeys());
            }
            return problem(text).map(FormValidation::error).orElseGet(FormValidation::ok);
        }
    }
}
