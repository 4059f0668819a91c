package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;

/** What the command was to read on its stdin could not be read to the end. The command was ended. */
public final class InputUnreadable extends SshException {
    private static final long serialVersionUID = 1L;

    public InputUnreadable(Endpoint endpoint, IOException cause) {
        super(endpoint, Stage.RUN, "input unreadable: " + cause.getMessage(), cause);
    }
}
