package io.jenkins.plugins.sshexec.management;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A build that uses a session or waits for one, as far as the viewer may see it. Immutable. */
@Restricted(NoExternalUse.class)
@ExportedBean(defaultVisibility = SessionsPage.ALWAYS)
public final class CallerRow {

    private final PoolSnapshot.Caller caller;
    private final boolean visible;

    CallerRow(PoolSnapshot.Caller caller, boolean visible) {
        this.caller = caller;
        this.visible = visible;
    }

    /** The build's name; null where the viewer may not see its job. */
    @CheckForNull
    @Exported
    public String getBuild() {
        return visible ? caller.holder().name() : null;
    }

    /** The build's page, below the root of Jenkins; null where the viewer may not see its job. */
    @CheckForNull
    @Exported
    public String getUrl() {
        return visible ? caller.holder().url() : null;
    }

    /** How long it has had the session or has been waiting. */
    @Exported
    public long getSeconds() {
        return caller.since().toSeconds();
    }

    /** The same for people. */
    public String getTime() {
        return Util.getTimeSpanString(caller.since().toMillis());
    }
}
