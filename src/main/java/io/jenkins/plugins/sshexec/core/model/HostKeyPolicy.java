package io.jenkins.plugins.sshexec.core.model;

import java.util.List;

/**
 * Decides whether a server is the one it claims to be. Called on the thread that connects, once for each handshake, and again
 * before an open session is used for another command; so an answer that has not changed must come quickly. Implementations
 * are thread-safe and may read or write a file, but ask nobody.
 */
public interface HostKeyPolicy {

    /**
     * A text equal for two policies only if they decide alike. It is part of the {@link SessionKey}, so that a caller with
     * a strict policy never rides a session that a laxer one let in.
     */
    String id();

    /** Judges the key that the server at {@code endpoint} has proved to hold. */
    HostKeyVerdict check(Endpoint endpoint, HostKey offered);

    /**
     * Types of the keys known for this server, best first; they are proposed first in the key exchange, so that a server
     * with several keys shows the one that can be checked (ssh_config(5), HostKeyAlgorithms). Empty where none is known.
     */
    List<String> knownKeyTypes(Endpoint endpoint);

    /**
     * By what a certificate of the server is judged. Where there are authorities, a certificate is asked for first, and one
     * that is not good ends the handshake, whatever {@link #check} says of the key in it.
     */
    default CertificateTrust certificateTrust(Endpoint endpoint) {
        return CertificateTrust.NONE;
    }
}
