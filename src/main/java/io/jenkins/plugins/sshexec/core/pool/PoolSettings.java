package io.jenkins.plugins.sshexec.core.pool;

import java.time.Duration;

/**
 * Limits of the pool. The ranges are checked where the settings are typed; here only what would break the pool is.
 *
 * @param sessionsPerHost where a caller brings no limit of its own: sessions in use at once to one host and port, at least 1
 * @param sessionsInTotal sessions in use at once to all hosts, at least {@code sessionsPerHost}. As many again may be open
 *     and idle, so that a pool in full use still finds sessions to reuse.
 * @param channelsPerSession where a caller brings no limit of its own: leases at once on one session, at least 1
 * @param maxIdle how long a session is kept without use
 * @param maxAge how long a session is used after it was opened; running commands are never cut by it
 * @param connectTimeout from name look-up to login, and for the turn to begin where other handshakes with the host go first
 * @param waitTimeout for standing in line
 */
public record PoolSettings(
        int sessionsPerHost,
        int sessionsInTotal,
        int channelsPerSession,
        Duration maxIdle,
        Duration maxAge,
        Duration connectTimeout,
        Duration waitTimeout) {

    public PoolSettings {
        if (sessionsPerHost < 1 || sessionsInTotal < sessionsPerHost || channelsPerSession < 1) {
            throw new IllegalArgumentException("limits out of range: " + sessionsPerHost + " sessions per host, "
                    + sessionsInTotal + " in total, " + channelsPerSession + " channels per session");
        }
    }
}
