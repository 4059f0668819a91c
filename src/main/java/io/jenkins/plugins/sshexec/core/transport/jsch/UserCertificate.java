package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSchException;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * An OpenSSH certificate of a user's key (PROTOCOL.certkeys of OpenSSH), as far as a client has to know it. Whether its
 * signature is good is for the server to say.
 *
 * @param type such as {@code ssh-ed25519-cert-v01@openssh.com}
 * @param blob as it is sent in place of the public key
 * @param publicKey the blob of the key that is certified
 * @param principals remote users for whom it is good; for all where empty
 * @param validAfter seconds since 1970, unsigned
 * @param validBefore seconds since 1970, unsigned
 */
record UserCertificate(
        String type,
        byte[] blob,
        byte[] publicKey,
        String id,
        List<String> principals,
        long validAfter,
        long validBefore,
        HostKey authority) {

    private static final int FOR_USERS = 1;

    /** Whether a line of text is one of a {@code -cert.pub} file: the type, then the certificate. */
    static boolean isLine(byte[] text, int from, int to) {
        int start = from;
        while (start < to && isSpace(text[start])) {
            start++;
        }
        int end = start;
        while (end < to && !isSpace(text[end])) {
            end++;
        }
        // The word is looked at in place: it may be a part of a private key, of which no copy shall be made.
        return end < to && CertificateAlgorithms.contains(text, start, end);
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t';
    }

    /**
     * Reads such a line.
     *
     * @throws JSchException whose message says, behind the name of the key, what is wrong and what to do
     */
    static UserCertificate parse(String line) throws JSchException {
        String[] words = line.strip().split("[ \t]+");
        try {
            byte[] blob = Base64.getDecoder().decode(words[1]);
            Fields fields = new Fields(ByteBuffer.wrap(blob));
            String type = fields.text();
            if (!type.equals(words[0])) {
                throw new IllegalArgumentException("The line says it is another type.");
            }
            return read(type, blob, fields);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new JSchException(
                    "has a damaged certificate beside it: copy the whole line of its -cert.pub file", e);
        }
    }

    private static UserCertificate read(String type, byte[] blob, Fields fields) throws JSchException {
        fields.string(); // nonce
        byte[] publicKey = fields.publicKey(CertificateAlgorithms.plain(type));
        fields.number(); // serial number
        if (fields.smallNumber() != FOR_USERS) {
            throw new JSchException("has a certificate for hosts beside it: use one for users");
        }
        String id = fields.text();
        List<String> principals = new ArrayList<>();
        Fields names = new Fields(ByteBuffer.wrap(fields.string()));
        while (names.hasMore()) {
            principals.add(names.text());
        }
        long validAfter = fields.number();
        long validBefore = fields.number();
        fields.string(); // critical options
        fields.string(); // extensions
        fields.string(); // reserved
        HostKey authority = HostKey.ofBlob(fields.string());
        fields.string(); // signature
        return new UserCertificate(
                type, blob, publicKey, id, List.copyOf(principals), validAfter, validBefore, authority);
    }

    /**
     * Makes sure that a server may take it for this key at this time.
     *
     * @throws JSchException whose message says, behind the name of the key, what is wrong and what to do
     */
    void requireGood(byte[] publicKeyOfPair, Instant now) throws JSchException {
        if (!Arrays.equals(publicKey, publicKeyOfPair)) {
            throw new JSchException("has the certificate of another key beside it, that of "
                    + HostKey.ofBlob(publicKey).fingerprint() + ": use the one that was made for this key");
        }
        long seconds = now.getEpochSecond();
        if (Long.compareUnsigned(seconds, validBefore) >= 0) {
            throw new JSchException("has a certificate that expired at " + Instant.ofEpochSecond(validBefore)
                    + ": have the key signed again, or remove the certificate");
        }
        if (Long.compareUnsigned(seconds, validAfter) < 0) {
            String start = validAfter < 0 ? "never" : "not before " + Instant.ofEpochSecond(validAfter);
            throw new JSchException("has a certificate that is valid " + start
                    + ": look at the controller's clock, or have the key signed again");
        }
    }

    /** Enough to find out why a server refuses it. */
    @Override
    public String toString() {
        return "certificate \"" + JschFailures.clean(id) + "\" for "
                + (principals.isEmpty() ? "anybody" : JschFailures.clean(String.join(", ", principals))) + " by "
                + authority.fingerprint();
    }

    /** The parts of a certificate in their order (RFC 4251 section 5). */
    private record Fields(ByteBuffer rest) {

        boolean hasMore() {
            return rest.hasRemaining();
        }

        byte[] string() {
            int length = rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] bytes = new byte[length];
            rest.get(bytes);
            return bytes;
        }

        String text() {
            return new String(string(), StandardCharsets.UTF_8);
        }

        int smallNumber() {
            return rest.getInt();
        }

        long number() {
            return rest.getLong();
        }

        /** Of the key, a certificate has all but the type in front. */
        byte[] publicKey(String type) {
            int start = rest.position();
            int parts =
                    switch (type) {
                        case "ssh-ed25519" -> 1;
                        case "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" -> 2;
                        default -> throw new IllegalArgumentException("There is no certificate of type " + type);
                    };
            for (int i = 0; i < parts; i++) {
                string();
            }
            byte[] name = type.getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(Integer.BYTES + name.length + rest.position() - start)
                    .putInt(name.length)
                    .put(name)
                    .put(rest.duplicate().flip().position(start))
                    .array();
        }
    }
}
