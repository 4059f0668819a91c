package io.jenkins.plugins.sshexec.management;

import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A host as the page, REST and CLI show it. Immutable. */
@Restricted(NoExternalUse.class)
@ExportedBean(defaultVisibility = SessionsPage.ALWAYS)
public final class HostRow {

    /** Of those in line the page names so many. */
    private static final int NAMED = 3;

    private final PoolSnapshot.Host host;
    private final List<CallerRow> line;

    HostRow(PoolSnapshot.Host host, List<CallerRow> line) {
        this.host = host;
        this.line = line;
    }

    /** {@code host:port}, as the operations take it. */
    @Exported
    public String getHost() {
        return host.endpoint().toString();
    }

    /** As a user would type it. */
    public String getShortName() {
        return host.endpoint().toShortString();
    }

    /** Sessions in use or idle, those being opened included. */
    @Exported
    public int getOpen() {
        return host.sessionsInUse() + host.sessionsIdle();
    }

    @Exported
    public int getInUse() {
        return host.sessionsInUse();
    }

    @Exported
    public int getIdle() {
        return host.sessionsIdle();
    }

    /** Commands that have a session; with several channels for each session these are more than sessions. */
    @Exported
    public int getLeases() {
        return host.leases();
    }

    @Exported
    public int getWaiting() {
        return host.waiting();
    }

    /** Those who wait, the next one first. */
    @Exported
    public List<CallerRow> getLine() {
        return line;
    }

    public List<CallerRow> getNextInLine() {
        return line.subList(0, Math.min(NAMED, line.size()));
    }

    /** How many wait beyond {@link #getNextInLine}. */
    public int getUnnamed() {
        return line.size() - getNextInLine().size();
    }

    @Exported
    public boolean isPaused() {
        return host.paused();
    }
}
