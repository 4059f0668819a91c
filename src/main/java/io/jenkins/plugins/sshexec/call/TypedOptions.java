package io.jenkins.plugins.sshexec.call;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/** What goes with a command, as a user has typed it: the fields that all forms and steps for commands have in common. */
public interface TypedOptions {

    /** That the command starts in; relative to the home directory; null for that. */
    @CheckForNull
    String getWorkingDirectory();

    /** {@code NAME=value} each; null for none. */
    @CheckForNull
    List<String> getEnv();

    /** {@code true}, or {@code COLUMNSxROWS}, for a terminal; null for none. */
    @CheckForNull
    String getPty();

    /** Text for the command's stdin; null for none. */
    @CheckForNull
    String getStdin();

    /** A file of the workspace for the command's stdin; null for none. */
    @CheckForNull
    String getStdinFile();

    /** Whether the command runs as another user, by sudo. */
    boolean isSudo();

    /** As whom; null for root. */
    @CheckForNull
    String getSudoUser();

    /** Of the password that sudo may ask for; null for the one of the login. */
    @CheckForNull
    String getSudoCredentialsId();
}
