package io.jenkins.plugins.sshexec.core.exec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Where a piece of a command's input comes from. */
@FunctionalInterface
public interface InputSource {

    /**
     * Called once at most, when the piece is due.
     *
     * @return read to its end and closed on a thread that may be held up, by reading too; closed on another one where the
     *     command ends before it has taken all
     */
    InputStream open() throws IOException;

    /** @param bytes not copied, so that whoever holds secrets can wipe them */
    static InputSource of(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }
}
