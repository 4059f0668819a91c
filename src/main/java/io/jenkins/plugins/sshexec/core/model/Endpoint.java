package io.jenkins.plugins.sshexec.core.model;

import java.util.Locale;
import java.util.Objects;

/**
 * Where an SSH server listens: a host name or address, and a TCP port from 1 to 65535.
 *
 * <p>Host names are compared without regard to case (RFC 4343), so they are kept in lower case. An IPv6 address is kept
 * without its brackets.
 */
public record Endpoint(String host, int port) {

    /** The port of RFC 4251 section 4.1, used where none is given. */
    public static final int DEFAULT_PORT = 22;

    private static final int MAX_PORT = 65_535;

    public Endpoint {
        host = Objects.requireNonNull(host, "host").toLowerCase(Locale.ROOT);
        if (host.isEmpty()) {
            throw new IllegalArgumentException("A host name or address is needed.");
        }
        if (!isPort(port)) {
            throw new IllegalArgumentException("The port must be from 1 to " + MAX_PORT + ", not " + port + ".");
        }
    }

    /** Whether it is a number that a port can have. */
    public static boolean isPort(int number) {
        return number >= 1 && number <= MAX_PORT;
    }

    /**
     * The name under which OpenSSH's known_hosts file lists this server: the bare host for port 22, else {@code
     * [host]:port} (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
     */
    public String knownHostsName() {
        return port == DEFAULT_PORT ? host : "[" + host + "]:" + port;
    }

    /** As a user would type it: {@code web1}, or {@code web1:2222} where the port is not 22. */
    public String toShortString() {
        return port == DEFAULT_PORT ? bracketed() : toString();
    }

    private String bracketed() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** {@code web1:22}, or {@code [::1]:22} for an IPv6 address. */
    @Override
    public String toString() {
        return bracketed() + ":" + port;
    }
}
