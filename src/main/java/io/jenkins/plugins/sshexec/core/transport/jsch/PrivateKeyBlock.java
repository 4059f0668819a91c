package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSchException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one block of a private key's text that JSch is given, looked through before. JSch believes the lengths and the numbers
 * of rounds that it finds there: a broken or made-up key would have it ask for gigabytes of memory, which ends a controller
 * that is told to exit when there is none, or keep a thread for hours.
 */
final class PrivateKeyBlock {

    /** {@code ssh-keygen -a}; its default is 16 or 24. A round takes about 10 ms here. */
    private static final long MAX_BCRYPT_ROUNDS = 1024;

    /** Of PBKDF2 in PKCS#8; openssl's default is 2048. A million takes about a second. */
    private static final long MAX_ITERATIONS = 4_000_000;

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN (?<kind>[A-Z]+ |)PRIVATE KEY-----[ \\t]*\\r?\\n"
            + "(?<headers>(?:[A-Za-z-]+: [^\\r\\n]*\\r?\\n)*)"
            + "(?<body>[A-Za-z0-9+/=\\s]+)"
            + "-----END \\k<kind>PRIVATE KEY-----");

    private static final String OPENSSH_MAGIC = "openssh-key-v1\0";

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 2;
    private static final int OCTET_STRING = 4;
    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_FORM = 0x80;

    private PrivateKeyBlock() {}

    /**
     * @return a copy of the block alone, which the caller wipes
     * @throws JSchException whose message, without anything of the text, is what the sentence "the key ..." goes on with
     */
    static byte[] of(byte[] text) throws JSchException {
        CharBuffer chars = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(text));
        try {
            Matcher matcher = BLOCK.matcher(chars);
            if (!matcher.find()) {
                throw noKey();
            }
            check(matcher, text);
            return Arrays.copyOfRange(text, matcher.start(), matcher.end());
        } finally {
            Arrays.fill(chars.array(), '\0');
        }
    }

    private static JSchException noKey() {
        return new JSchException("is no private key in OpenSSH, PEM or PKCS#8 format");
    }

    private static void check(Matcher block, byte[] text) throws JSchException {
        byte[] body = Arrays.copyOfRange(text, block.start("body"), block.end("body"));
        byte[] key = {};
        try {
            key = Base64.getMimeDecoder().decode(body);
            ByteBuffer bytes = ByteBuffer.wrap(key);
            if (block.group("kind").equals("OPENSSH ")) {
                checkOpenSsh(bytes);
            } else if (block.group("headers").isEmpty()) {
                checkDer(bytes, block.group("kind").equals("ENCRYPTED "));
            }
            // Else encrypted as a whole: what is within is seen by nobody before it is deciphered.
        } catch (IllegalArgumentException e) {
            throw noKey();
        } finally {
            Arrays.fill(body, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    /** The fields of OpenSSH's PROTOCOL.key before the private part, in which JSch itself bounds the lengths. */
    private static void checkOpenSsh(ByteBuffer bytes) throws JSchException {
        byte[] magic = OPENSSH_MAGIC.getBytes(StandardCharsets.US_ASCII);
        if (bytes.remaining() < magic.length || !bytes.slice(0, magic.length).equals(ByteBuffer.wrap(magic))) {
            throw noKey();
        }
        bytes.position(magic.length);
        string(bytes); // the cipher
        boolean encrypted = !string(bytes).equals(ByteBuffer.wrap("none".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer options = string(bytes);
        if (encrypted) {
            string(options); // the salt
            long rounds = options.remaining() == Integer.BYTES ? Integer.toUnsignedLong(options.getInt()) : 0;
            if (rounds < 1) {
                throw noKey();
            }
            if (rounds > MAX_BCRYPT_ROUNDS) {
                throw new JSchException("is encrypted with more rounds than the " + MAX_BCRYPT_ROUNDS
                        + " that are allowed: give it fewer by ssh-keygen -p -a");
            }
        }
        if (bytes.remaining() < Integer.BYTES || bytes.getInt() != 1) { // the number of keys
            throw noKey();
        }
        ByteBuffer publicKey = string(bytes);
        while (publicKey.hasRemaining()) {
            string(publicKey); // its algorithm, and numbers that are written like strings
        }
    }

    /** RFC 4251 section 5. */
    private static ByteBuffer string(ByteBuffer bytes) throws JSchException {
        int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw noKey();
        }
        ByteBuffer string = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return string;
    }

    /**
     * One element of ITU-T X.690, with all that is in it: each fits into what holds it, without a rest.
     *
     * @param encrypted whether it is an EncryptedPrivateKeyInfo (RFC 5958 section 3), where the integers say how much work
     *     the deciphering is
     */
    private static void checkDer(ByteBuffer bytes, boolean encrypted) throws JSchException {
        ByteBuffer content = element(bytes, SEQUENCE);
        if (bytes.hasRemaining()) {
            throw noKey();
        }
        checkElements(content, encrypted);
    }

    private static void checkElements(ByteBuffer bytes, boolean encrypted) throws JSchException {
        while (bytes.hasRemaining()) {
            int tag = bytes.get(bytes.position());
            ByteBuffer content = element(bytes, tag);
            if ((tag & CONSTRUCTED) != 0) {
                checkElements(content, encrypted);
            } else if (tag == OCTET_STRING && content.hasRemaining() && content.get(0) == SEQUENCE && !encrypted) {
                checkDer(content, false); // the key within PrivateKeyInfo
            } else if (tag == INTEGER && encrypted && exceeds(content, MAX_ITERATIONS)) {
                throw new JSchException("is encrypted with more than the " + MAX_ITERATIONS
                        + " iterations that are allowed: give it fewer by openssl pkcs8 -topk8 -iter");
            }
        }
    }

    private static ByteBuffer element(ByteBuffer bytes, int tag) throws JSchException {
        if (bytes.remaining() < 2 || bytes.get() != (byte) tag) {
            throw noKey();
        }
        int length = bytes.get() & 0xff;
        if (length >= LONG_FORM) {
            int octets = length - LONG_FORM;
            if (octets < 1 || octets > 3 || octets > bytes.remaining()) {
                throw noKey();
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << Byte.SIZE | bytes.get() & 0xff;
            }
        }
        if (length > bytes.remaining()) {
            throw noKey();
        }
        ByteBuffer content = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return content;
    }

    private static boolean exceeds(ByteBuffer integer, long limit) {
        return integer.remaining() > Long.BYTES - 1
                || integer.hasRemaining() && new BigInteger(copy(integer)).longValueExact() > limit;
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }
}
