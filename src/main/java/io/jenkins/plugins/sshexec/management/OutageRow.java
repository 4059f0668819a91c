package io.jenkins.plugins.sshexec.management;

import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A host that could not be reached of late, as the page, REST and CLI show it. Immutable. */
@Restricted(NoExternalUse.class)
@ExportedBean(defaultVisibility = SessionsPage.ALWAYS)
public final class OutageRow {

    private final PoolSnapshot.Outage outage;

    OutageRow(PoolSnapshot.Outage outage) {
        this.outage = outage;
    }

    /** {@code host:port}. */
    @Exported
    public String getHost() {
        return outage.endpoint().toString();
    }

    /** As a user would type it. */
    public String getShortName() {
        return outage.endpoint().toShortString();
    }

    /** Connects that failed in a row. */
    @Exported
    public int getFailures() {
        return outage.failures();
    }

    /** How the last of them did, in technical English. */
    @Exported
    public String getReason() {
        return outage.reason();
    }

    /** Whether commands that need a new session fail at once. */
    @Exported
    public boolean isClosedToNewSessions() {
        return outage.open() && !outage.nextTryIn().isZero();
    }

    /** In whole seconds, rounded up, until a connect is tried again; 0 where the next one is. */
    @Exported
    public long getNextTryInSeconds() {
        return outage.nextTryIn().plusMillis(999).toSeconds();
    }
}
