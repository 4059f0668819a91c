package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.Session;
import com.jcraft.jsch.UIKeyboardInteractive;
import com.jcraft.jsch.UserInfo;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Logs in by {@code password} (RFC 4252 section 8), or where the server does not offer that by {@code
 * keyboard-interactive} (RFC 4256), answering a single hidden prompt.
 *
 * <p>The password leaves once: a second try, by the other method or at a second prompt, would double the failures that
 * pam_faillock(8) and the like count against the account. It is asked for through {@link UserInfo} rather than set on the
 * session, because JSch answers the other method from the zeroed array once the first has failed.
 */
final class JschPasswordLogin implements JschLogin, UserInfo, UIKeyboardInteractive {

    private static final Logger LOGGER = Logger.getLogger(JschPasswordLogin.class.getName());

    private final PasswordLogin login;
    private boolean given;

    JschPasswordLogin(PasswordLogin login) {
        this.login = login;
    }

    @Override
    public void applyTo(Session session) {
        session.setConfig("PreferredAuthentications", "password,keyboard-interactive");
        // Counted over both methods: after one refusal JSch sends no further request.
        session.setConfig("MaxAuthTries", "1");
        session.setUserInfo(this);
    }

    @Override
    public String attempt() {
        return "a password";
    }

    @Override
    public boolean promptPassword(String message) {
        return !given;
    }

    /** As a String because JSch takes no other form; it cannot be wiped, but lives no longer than the handshake. */
    @Override
    public String getPassword() {
        given = true;
        byte[] plain = login.password().copy();
        try {
            return new String(plain, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /**
     * Answers the one prompt that can only mean the password. A visible prompt, a second one (a one-time code) and a
     * request for a new password stay without an answer, which ends the login.
     */
    @Override
    public String[] promptKeyboardInteractive(
            String destination, String name, String instruction, String[] prompt, boolean[] echo) {
        if (prompt.length == 0) {
            return new String[0]; // a mere message, which is answered with nothing (RFC 4256 section 3.4)
        }
        if (given || prompt.length > 1 || echo[0]) {
            return null; // JSch's sign for "cancelled"
        }
        return new String[] {getPassword()};
    }

    @Override
    public String getPassphrase() {
        return null;
    }

    @Override
    public boolean promptPassphrase(String message) {
        return false;
    }

    @Override
    public boolean promptYesNo(String message) {
        return false;
    }

    /** The server's banner (RFC 4252 section 5.4). */
    @Override
    public void showMessage(String message) {
        LOGGER.log(Level.FINE, "Banner: {0}", JschFailures.clean(message));
    }

    @Override
    public void close() {
        // Holds no copy: the password is the login's own, whose maker wipes it.
    }
}
