package io.jenkins.plugins.sshexec.hostkey;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Only keys that known_hosts files list, in the files that ssh(1) reads or in those named here. */
public final class KnownHostsFileVerification extends HostKeyVerification {

    @CheckForNull
    private String file;

    @DataBoundConstructor
    public KnownHostsFileVerification() {
        // All fields are optional.
    }

    /** Absolute paths on the controller, one a line; null for the files that ssh(1) reads. */
    @CheckForNull
    public String getFile() {
        return file;
    }

    /** As UserKnownHostsFile in ssh_config(5), this is one file or several. */
    @DataBoundSetter
    public void setFile(@CheckForNull String file) {
        List<String> paths = paths(file);
        if (!paths.stream().allMatch(KnownHostsFileVerification::isAbsolute)) {
            throw new IllegalArgumentException(Messages.KnownHostsFileVerification_absolute());
        }
        this.file = paths.isEmpty() ? null : String.join("\n", paths);
    }

    private static List<String> paths(@CheckForNull String lines) {
        return Util.fixNull(lines)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static boolean isAbsolute(String path) {
        try {
            return Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public HostKeyPolicy policy(String requester) {
        return KnownHostsPolicy.ofFiles(
                file == null ? filesOfSsh() : paths(file).stream().map(Path::of).toList());
    }

    @Override
    public Strictness strictness() {
        return Strictness.KNOWN_KEYS;
    }

    /** UserKnownHostsFile and GlobalKnownHostsFile of ssh_config(5), their first defaults. */
    private static List<Path> filesOfSsh() {
        return List.of(
                Path.of(System.getProperty("user.home"), ".ssh", "known_hosts"), Path.of("/etc/ssh/ssh_known_hosts"));
    }

    @Extension
    @Symbol("knownHostsFile")
    public static final class DescriptorImpl extends Descriptor<HostKeyVerification> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.KnownHostsFileVerification_displayName();
        }

        @POST
        @Restricted(NoExternalUse.class)
        public FormValidation doCheckFile(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            List<String> paths = paths(value);
            if (!paths.stream().allMatch(KnownHostsFileVerification::isAbsolute)) {
                return FormValidation.error(Messages.KnownHostsFileVerification_absolute());
            }
            List<String> unreadable = paths.stream()
                    .filter(path -> !Files.isReadable(Path.of(path)))
                    .toList();
            return unreadable.isEmpty()
                    ? FormValidation.ok()
                    : FormValidation.warning(
                            Messages.KnownHostsFileVerification_notReadable(String.join(", ", unreadable)));
        }
    }
}
