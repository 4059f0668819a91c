package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.transport.SessionFacts;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the pool holds at one moment, and what it has done since it was made.
 *
 * @param sessions those that are connected, in the order in which they were opened
 * @param outages hosts to which the latest connects failed
 * @param opened sessions opened
 * @param reused leases given on a session that was open, for an earlier lease or kept ready
 * @param replaced sessions that were to be lent and turned out not to be fit for it
 * @param retired sessions closed, by reason
 * @param refused leases that were asked for and not given, by reason
 */
public record PoolSnapshot(
        List<Host> hosts,
        List<Session> sessions,
        List<Outage> outages,
        long opened,
        long reused,
        long replaced,
        Map<RetireReason, Long> retired,
        Map<RefusalReason, Long> refused) {

    public PoolSnapshot {
        hosts = List.copyOf(hosts);
        sessions = List.copyOf(sessions);
        outages = List.copyOf(outages);
        retired = Map.copyOf(retired);
        refused = Map.copyOf(refused);
    }

    /**
     * @param leases leases out
     * @param sessionsInUse sessions with at least one lease, those being connected included
     * @param sessionsIdle sessions open without a lease
     * @param line callers that wait, the next one first
     * @param paused whether nobody in line is served until the host is resumed
     */
    public record Host(
            Endpoint endpoint, int leases, int sessionsInUse, int sessionsIdle, List<Caller> line, boolean paused) {

        public Host {
            line = List.copyOf(line);
        }

        /** Callers in line. */
        public int waiting() {
            return line.size();
        }
    }

    /**
     * A session that is connected.
     *
     * @param id the number of the session in the order of opening; no other session of this pool ever has it
     * @param user the login name
     * @param age since it was opened
     * @param unused since it last carried a lease or showed to be alive; of no meaning while it is in use
     * @param uses leases given on it so far
     * @param idle whether it is kept for later, and nobody uses it or is about to
     * @param ending whether it takes no more leases and is closed as soon as nobody uses it
     * @param holders who uses it, longest first
     */
    public record Session(
            long id,
            Endpoint endpoint,
            String user,
            SessionFacts facts,
            Duration age,
            Duration unused,
            long uses,
            boolean idle,
            boolean ending,
            List<Caller> holders) {

        public Session {
            holders = List.copyOf(holders);
        }
    }

    /** @param since how long this caller has had its lease, or has been waiting for one */
    public record Caller(LeaseHolder holder, Duration since) {}

    /**
     * A host that could not be reached of late; one that is reached again is none.
     *
     * @param failures connects that failed in a row
     * @param lastFailure how the last of them did
     * @param open whether no connect is tried, or one at a time; else each is tried as before
     * @param nextTryIn how long no connect will be tried; zero where the next one is
     */
    public record Outage(Endpoint endpoint, int failures, SshException lastFailure, boolean open, Duration nextTryIn) {

        /** What the last failure says, in technical English without secrets. */
        public String reason() {
            return lastFailure.getMessage();
        }
    }
}
