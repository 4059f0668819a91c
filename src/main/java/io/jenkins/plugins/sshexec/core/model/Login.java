package io.jenkins.plugins.sshexec.core.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * As whom, and with what proof, a session logs in. Holds secrets: whoever makes a login {@link #wipe wipes} it when the
 * command that it was made for has ended, because until then it may take another session.
 */
public sealed interface Login {

    /** The remote user name. */
    String user();

    /** Whether the user name is a secret too, so that no log shows it. */
    boolean userIsSecret();

    /** The user name for logs and pages; asterisks where it is a secret. */
    default String shownUser() {
        return userIsSecret() ? "****" : user();
    }

    /** Each secret of this login, in a fixed order. */
    Stream<SecretBytes> secrets();

    /** Overwrites the secrets. */
    default void wipe() {
        secrets().forEach(SecretBytes::wipe);
    }

    /** Login by password (RFC 4252 section 8), or by keyboard-interactive (RFC 4256) where the server asks that way. */
    record PasswordLogin(String user, boolean userIsSecret, SecretBytes password) implements Login {

        public PasswordLogin(String user, SecretBytes password) {
            this(user, false, password);
        }

        @Override
        public Stream<SecretBytes> secrets() {
            return Stream.of(password);
        }

        /** Without a user name that is a secret. */
        @Override
        public String toString() {
            return "PasswordLogin[" + shownUser() + "]";
        }
    }

    /** Login by public key (RFC 4252 section 7); the keys are tried in their order. */
    record KeyLogin(String user, boolean userIsSecret, List<PrivateKey> keys) implements Login {

        public KeyLogin {
            keys = List.copyOf(keys);
        }

        public KeyLogin(String user, List<PrivateKey> keys) {
            this(user, false, keys);
        }

        @Override
        public Stream<SecretBytes> secrets() {
            return keys.stream().flatMap(key -> Stream.of(key.text(), key.passphrase()));
        }

        /** Without a user name that is a secret. */
        @Override
        public String toString() {
            return "KeyLogin[" + shownUser() + ", " + keys.size() + " keys]";
        }
    }

    /**
     * One private key.
     *
     * @param text the key file's text: OpenSSH, PEM or PKCS#8
     * @param passphrase empty where the key is not encrypted
     */
    record PrivateKey(SecretBytes text, SecretBytes passphrase) {}
}
