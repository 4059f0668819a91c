package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.IOException;

/** The output could not be handed on: the build's log or the output's limit refused it. The command was ended. */
public final class OutputRefused extends SshException {
    private static final long serialVersionUID = 1L;

    public OutputRefused(Endpoint endpoint, IOException cause) {
        super(endpoint, Stage.RUN, "output refused: " + cause.getMessage(), cause);
    }
}
