package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.time.Duration;

/** No session became free within the waiting timeout. */
public final class PoolTimeout extends SshException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;
    private final int inUse;
    private final int waiting;

    /**
     * @param inUse leases out to this host when the time was over
     * @param waiting callers in line for this host then, this one included
     */
    public PoolTimeout(Endpoint endpoint, Duration limit, int inUse, int waiting) {
        super(
                endpoint,
                Stage.WAITING,
                "no free session within " + limit + ", " + inUse + " in use, " + waiting + " waiting",
                null);
        this.limit = limit;
        this.inUse = inUse;
        this.waiting = waiting;
    }

    public Duration limit() {
        return limit;
    }

    public int inUse() {
        return inUse;
    }

    public int waiting() {
        return waiting;
    }

    @Override
    public boolean isSafeToRepeat() {
        return true;
    }
}
