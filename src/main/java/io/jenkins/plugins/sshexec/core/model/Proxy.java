package io.jenkins.plugins.sshexec.core.model;

import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import java.util.Objects;
import java.util.Optional;

/**
 * A proxy through which a server is reached.
 *
 * @param login empty where the proxy asks for none; holds a secret, which whoever made it wipes
 */
public record Proxy(Type type, Endpoint endpoint, Optional<PasswordLogin> login) {

    /** The protocol that the proxy speaks. */
    public enum Type {
        /** CONNECT of HTTP (RFC 9110 section 9.3.6), login by Basic (RFC 7617). */
        HTTP,
        /** SOCKS version 5 (RFC 1928), login by user name and password (RFC 1929). */
        SOCKS5
    }

    public Proxy {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(login, "login");
    }

    /** {@code SOCKS5 proxy proxy.example.org:1080}; of the login nothing. */
    @Override
    public String toString() {
        return type + " proxy " + endpoint;
    }
}
