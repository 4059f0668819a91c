package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Vector;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Logs in by {@code publickey} (RFC 4252 section 7) with the keys of one login, in their order. They are read before the
 * connection is made, so that a wrong passphrase costs the server nothing and is told as what it is. A key that cannot be
 * read is passed over as long as another one can, as ssh(1) does. OpenSSH certificates in the text of a key, each a line of a
 * {@code -cert.pub} file, are tried before the key itself.
 */
final class JschKeyLogin implements JschLogin, IdentityRepository {

    private static final Logger LOGGER = Logger.getLogger(JschKeyLogin.class.getName());

    private static final String ACCEPTED_ALGORITHMS = "PubkeyAcceptedAlgorithms";

    /** For each key its certificates, then the key by itself. */
    private final List<UnlockedKey> keys;

    private final List<String> unusable;

    private JschKeyLogin(List<UnlockedKey> keys, List<String> unusable) {
        this.keys = keys;
        this.unusable = unusable;
    }

    static JschKeyLogin of(KeyLogin login, Endpoint endpoint, JSch jsch) throws UnusableKey {
        List<UnlockedKey> keys = new ArrayList<>();
        List<String> unusable = new ArrayList<>();
        JSchException cause = null;
        int number = 0;
        for (PrivateKey key : login.keys()) {
            number++;
            String name = login.keys().size() == 1
                    ? "the key"
                    : "key " + number + " of " + login.keys().size();
            try {
                keys.addAll(read(key, jsch));
            } catch (JSchException e) {
                unusable.add(name + " " + e.getMessage());
                cause = e;
            }
        }
        if (keys.isEmpty()) {
            String detail = unusable.isEmpty() ? "the credentials hold no key" : String.join("; ", unusable);
            throw new UnusableKey(endpoint, detail, cause);
        }
        return new JschKeyLogin(keys, unusable);
    }

    /** @throws JSchException whose message says, behind the name of the key, what is wrong and what to do */
    private static List<UnlockedKey> read(PrivateKey key, JSch jsch) throws JSchException {
        byte[] text = key.text().copy();
        byte[] passphrase = key.passphrase().copy();
        KeyPair pair = null;
        try {
            List<UserCertificate> certificates = takeCertificates(text);
            pair = load(jsch, text);
            unlock(pair, passphrase);
            if (pair.getPublicKeyBlob() == null || "ssh-dss".equals(pair.getKeyTypeString())) {
                throw new JSchException("is of a type that is not supported: use an Ed25519, ECDSA or RSA key");
            }
            List<UnlockedKey> usable = new ArrayList<>();
            for (UserCertificate certificate : certificates) {
                certificate.requireGood(pair.getPublicKeyBlob(), Instant.now());
                usable.add(new UnlockedKey(pair, Optional.of(certificate)));
            }
            usable.add(new UnlockedKey(pair, Optional.empty()));
            pair = null;
            return usable;
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(passphrase, (byte) 0);
            if (pair != null) {
                pair.dispose();
            }
        }
    }

    /** Reads the certificates that are beside the key, each on a line, and blanks these lines out. */
    private static List<UserCertificate> takeCertificates(byte[] text) throws JSchException {
        List<UserCertificate> certificates = new ArrayList<>();
        int start = 0;
        while (start < text.length) {
            int end = start;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            if (UserCertificate.isLine(text, start, end)) {
                certificates.add(
                        UserCertificate.parse(new String(text, start, end - start, StandardCharsets.ISO_8859_1)));
                Arrays.fill(text, start, end, (byte) '\n');
            }
            start = end + 1;
        }
        return certificates;
    }

    private static KeyPair load(JSch jsch, byte[] text) throws JSchException {
        byte[] block = PrivateKeyBlock.of(text);
        try {
            KeyPair pair = KeyPair.load(jsch, block, null);
            if (pair != null) {
                return pair;
            }
        } catch (JSchException | RuntimeException e) {
            // JSch's parser throws what it stumbles over, such as an index out of bounds. Its words are kept from every
            // log: they quote what stands where a key type should, which may be any part of the key.
            LOGGER.log(
                    Level.FINE,
                    "JSch stumbled over a private key: {0}",
                    e.getClass().getName());
        } finally {
            Arrays.fill(block, (byte) 0);
        }
        throw new JSchException("is no private key in OpenSSH, PEM or PKCS#8 format");
    }

    private static void unlock(KeyPair pair, byte[] passphrase) throws JSchException {
        if (!pair.isEncrypted()) {
            return;
        }
        if (passphrase.length == 0) {
            throw new JSchException("is encrypted: add its passphrase to the credentials");
        }
        byte[] latin1 = asLatin1(passphrase);
        try {
            if (!opens(pair, passphrase) && !opens(pair, latin1)) {
                throw new JSchException("does not open with the passphrase of the credentials");
            }
        } finally {
            Arrays.fill(latin1, (byte) 0);
        }
    }

    private static boolean opens(KeyPair pair, byte[] passphrase) {
        try {
            return pair.decrypt(passphrase);
        } catch (RuntimeException | OutOfMemoryError e) {
            // The error too: JSch asks the heap for as much as a length in the deciphered bytes says, however little
            // there is of them, and no memory has been taken when that fails.
            LOGGER.log(
                    Level.FINE,
                    "JSch stumbled over what a passphrase made of a key: {0}",
                    e.getClass().getName());
            return false;
        }
    }

    /**
     * For PKCS#8 keys JSch takes each byte of the passphrase for a character, which the JDK then writes as UTF-8. A
     * passphrase of Latin-1 characters comes out right if it goes in as Latin-1; one with others cannot be used there.
     */
    private static byte[] asLatin1(byte[] utf8) {
        CharBuffer chars = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
        ByteBuffer latin1 = StandardCharsets.ISO_8859_1.encode(chars);
        byte[] bytes = new byte[latin1.remaining()];
        latin1.get(bytes);
        Arrays.fill(chars.array(), '\0');
        Arrays.fill(latin1.array(), (byte) 0);
        return bytes;
    }

    @Override
    public void applyTo(Session session) {
        session.setConfig("PreferredAuthentications", "publickey");
        List<String> accepted = List.of(session.getConfig(ACCEPTED_ALGORITHMS).split(","));
        session.setConfig(ACCEPTED_ALGORITHMS, String.join(",", CertificateAlgorithms.before(accepted)));
        session.setIdentityRepository(this);
    }

    @Override
    public String attempt() {
        String tried = keys.stream().map(UnlockedKey::getName).collect(Collectors.joining(", "));
        return unusable.isEmpty() ? tried : tried + " (not tried: " + String.join("; ", unusable) + ")";
    }

    @Override
    public void close() {
        keys.forEach(key -> key.pair().dispose());
    }

    @Override
    public Vector<Identity> getIdentities() {
        return new Vector<>(keys);
    }

    @Override
    public String getName() {
        return "keys of the credentials";
    }

    @Override
    public int getStatus() {
        return RUNNING;
    }

    @Override
    public boolean add(byte[] identity) {
        return false;
    }

    @Override
    public boolean remove(byte[] blob) {
        return false;
    }

    @Override
    public void removeAll() {
        // Nothing of JSch's removes a key of the credentials.
    }
}
