package io.jenkins.plugins.sshexec.core.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public key by which a server proves who it is.
 *
 * @param type the key's type as in its blob: {@code ssh-ed25519}, {@code ecdsa-sha2-nistp256}, {@code ssh-rsa} ...
 * @param blob the key as sent in the key exchange (RFC 4253 section 6.6)
 */
public record HostKey(String type, byte[] blob) {

    public HostKey {
        blob = blob.clone();
    }

    /**
     * Reads the type from the blob itself.
     *
     * @throws IllegalArgumentException where the blob does not begin with an SSH string
     */
    public static HostKey ofBlob(byte[] blob) {
        ByteBuffer buffer = ByteBuffer.wrap(blob);
        int length = blob.length < Integer.BYTES ? -1 : buffer.getInt();
        if (length <= 0 || length > buffer.remaining()) {
            throw new IllegalArgumentException("This is not an SSH public key.");
        }
        return new HostKey(new String(blob, Integer.BYTES, length, StandardCharsets.US_ASCII), blob);
    }

    /**
     * Whether the blob is what the type's definition says (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4)
     * and nothing more. The same key in another form would pass by a list of revoked keys.
     */
    public boolean isCanonical() {
        int fields = type.startsWith("ecdsa-sha2-") || type.equals("ssh-rsa") ? 3 : type.startsWith("ssh-ed") ? 2 : 0;
        ByteBuffer rest = ByteBuffer.wrap(blob);
        for (int i = 0; i < fields; i++) {
            int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                return false;
            }
            boolean isNumber = type.equals("ssh-rsa") && i > 0;
            if (isNumber && !isMinimal(rest, length)) {
                return false;
            }
            rest.position(rest.position() + length);
        }
        return fields > 0 && !rest.hasRemaining();
    }

    /** A positive mpint without needless leading zeros (RFC 4251 section 5). */
    private static boolean isMinimal(ByteBuffer number, int length) {
        if (length == 0) {
            return false;
        }
        byte first = number.get(number.position());
        return first > 0 || first == 0 && length > 1 && number.get(number.position() + 1) < 0;
    }

    @Override
    public byte[] blob() {
        return blob.clone();
    }

    /** {@code SHA256:} and the unpadded Base64 of the blob's digest, as ssh-keygen(1) {@code -l} shows it. */
    public String fingerprint() {
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest("SHA-256"));
    }

    /**
     * {@code MD5:} and the blob's digest in hexadecimal, as OpenSSH showed it before 6.8. For the eye alone: whoever wants to
     * can make two keys with the same one.
     */
    public String md5Fingerprint() {
        return "MD5:" + HexFormat.ofDelimiter(":").formatHex(digest("MD5"));
    }

    private byte[] digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(blob);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256 and MD5", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostKey that && type.equals(that.type) && Arrays.equals(blob, that.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    @Override
    public String toString() {
        return type + " " + fingerprint();
    }
}
