package io.jenkins.plugins.sshexec.core.model;

/** Which cryptographic algorithms a session may be made with. */
public enum Algorithms {
    /** What is held to be safe today: no SHA-1 in key exchange, MAC or signature, no CBC, no DSA. */
    MODERN,
    /**
     * These first, and behind them the ones that a server of the years before 2014 may need: {@code ssh-rsa} signatures,
     * {@code diffie-hellman-group14-sha1}, {@code hmac-sha1}, AES in CBC mode (RFC 4253; RFC 9142 section 4 and RFC 8332
     * say what is wrong with them).
     */
    LEGACY
}
