package io.jenkins.plugins.sshexec.core.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A password, key text or passphrase for as long as a login needs it; wiped afterwards.
 *
 * <p>Thread-safe: {@link #copy} and {@link #wipe} exclude each other, so nobody ever logs in with half a secret.
 */
public final class SecretBytes {

    private final byte[] bytes;
    private boolean wiped;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The UTF-8 form of {@code text} (RFC 4252 section 8 wants passwords in UTF-8). */
    public static SecretBytes of(String text) {
        return new SecretBytes(Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A copy that the caller wipes.
     *
     * @throws IllegalStateException after {@link #wipe}
     */
    public synchronized byte[] copy() {
        if (wiped) {
            throw new IllegalStateException("This secret has been wiped.");
        }
        return bytes.clone();
    }

    /** Overwrites the secret; calling it again does nothing. */
    public synchronized void wipe() {
        Arrays.fill(bytes, (byte) 0);
        wiped = true;
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "SecretBytes[****]";
    }
}
