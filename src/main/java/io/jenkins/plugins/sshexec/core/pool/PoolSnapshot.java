package io.jenkins.plugins.sshexec.core.pool;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.util.List;
import java.util.Map;

/**
 * What the pool holds at one moment, and what it has done since it was made.
 *
 * @param opened sessions opened
 * @param reused leases given on a session that an earlier lease had opened
 * @param retired sessions closed, by reason
 */
public record PoolSnapshot(List<Host> hosts, long opened, long reused, Map<RetireReason, Long> retired) {

    public PoolSnapshot {
        hosts = List.copyOf(hosts);
        retired = Map.copyOf(retired);
    }

    /**
     * @param leases leases out
     * @param sessionsInUse sessions with at least one lease, those being connected included
     * @param sessionsIdle sessions open without a lease
     * @param waiting callers in line
     */
    public record Host(Endpoint endpoint, int leases, int sessionsInUse, int sessionsIdle, int waiting) {}
}
