package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;

/** A {@link Login} in JSch's terms, for one handshake and on the connecting thread; closed once that is over. */
interface JschLogin extends AutoCloseable {

    /** Makes the session log in this way and in no other: no agent, no Kerberos, no other user's keys. */
    void applyTo(Session session);

    /** What is tried, for the message of a refusal; no secrets. */
    String attempt();

    /** Wipes the copies of the secrets that this object and JSch hold. */
    @Override
    void close();

    /** @throws UnusableKey where no key of a key login can be read */
    static JschLogin of(Login login, Endpoint endpoint, JSch jsch) throws UnusableKey {
        if (login instanceof PasswordLogin password) {
            return new JschPasswordLogin(password);
        }
        if (login instanceof KeyLogin keys) {
            return JschKeyLogin.of(keys, endpoint, jsch);
        }
        throw new IllegalArgumentException("No way to log in by " + login.getClass());
    }
}
