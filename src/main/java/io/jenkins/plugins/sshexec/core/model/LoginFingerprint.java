package io.jenkins.plugins.sshexec.core.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether two logins hold the same user and secrets without holding them: an HMAC-SHA256 under a random key that
 * lives and dies with the {@link Maker}. Equal only when every part is equal; of no use in another JVM.
 */
public final class LoginFingerprint {

    private final byte[] digest;

    private LoginFingerprint(byte[] digest) {
        this.digest = digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LoginFingerprint that && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    /** Nothing of the digest: it would let a reader of two logs see that two jobs share a secret. */
    @Override
    public String toString() {
        return "LoginFingerprint[****]";
    }

    /** Makes fingerprints that can be compared with each other. Thread-safe. */
    public static final class Maker {

        private static final String ALGORITHM = "HmacSHA256";
        private static final int KEY_BYTES = 32;
        private static final SecureRandom RANDOM = new SecureRandom();

        private final SecretKeySpec key;

        public Maker() {
            byte[] random = new byte[KEY_BYTES];
            RANDOM.nextBytes(random);
            key = new SecretKeySpec(random, ALGORITHM);
        }

        public LoginFingerprint of(Login login) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                add(mac, login.getClass().getSimpleName().getBytes(StandardCharsets.UTF_8));
                add(mac, login.user().getBytes(StandardCharsets.UTF_8));
                login.secrets().forEach(secret -> {
                    byte[] plain = secret.copy();
                    add(mac, plain);
                    Arrays.fill(plain, (byte) 0);
                });
                return new LoginFingerprint(mac.doFinal());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
            }
        }

        /** Each part behind its length, so that no two lists of parts give the same bytes. */
        private static void add(Mac mac, byte[] part) {
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
            mac.update(part);
        }
    }
}
