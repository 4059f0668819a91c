package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * What {@code withSsh} blocks say for the steps inside them. Saved with the build, so it has no secret and no session. Never
 * changed.
 */
final class SshDefaults implements Serializable {

    private static final long serialVersionUID = 1L;

    static final SshDefaults NONE = new SshDefaults(null, null, null);

    @CheckForNull
    private final String host;

    @CheckForNull
    private final String credentialsId;

    /** The host that the same block names beside the credentials, which are for no other then; null where it names none. */
    @CheckForNull
    private final String credentialsHost;

    private SshDefaults(
            @CheckForNull String host, @CheckForNull String credentialsId, @CheckForNull String credentialsHost) {
        this.host = host;
        this.credentialsId = credentialsId;
        this.credentialsHost = credentialsHost;
    }

    /** Those that hold where a step is. */
    static SshDefaults around(StepContext context) throws IOException, InterruptedException {
        SshDefaults found = context.get(SshDefaults.class);
        return found == null ? NONE : found;
    }

    /** Those inside a further block; null where that leaves something as it is. */
    SshDefaults with(@CheckForNull String innerHost, @CheckForNull String innerCredentialsId) {
        return new SshDefaults(
                innerHost == null ? host : innerHost,
                innerCredentialsId == null ? credentialsId : innerCredentialsId,
                innerCredentialsId == null ? credentialsHost : innerHost);
    }

    @CheckForNull
    String host() {
        return host;
    }

    /**
     * The credentials for a host; null for none. A block that names both means a pair: it must not send the password of one
     * host to another that a step inside names.
     */
    @CheckForNull
    String credentialsIdFor(@CheckForNull String wanted) {
        return credentialsHost == null || wanted != null && server(wanted).equalsIgnoreCase(server(credentialsHost))
                ? credentialsId
                : null;
    }

    /** {@code host[:port]} of {@code [user@]host[:port]}. */
    private static String server(String typed) {
        return typed.substring(typed.lastIndexOf('@') + 1);
    }
}
