package io.jenkins.plugins.sshexec.management;

import hudson.Util;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A session as the page, REST and CLI show it. Immutable. */
@Restricted(NoExternalUse.class)
@ExportedBean(defaultVisibility = SessionsPage.ALWAYS)
public final class SessionRow {

    private final PoolSnapshot.Session session;
    private final List<CallerRow> holders;

    SessionRow(PoolSnapshot.Session session, List<CallerRow> holders) {
        this.session = session;
        this.holders = holders;
    }

    /** Its number in the order of opening, since Jenkins was started. */
    @Exported
    public long getId() {
        return session.id();
    }

    /** {@code host:port}. */
    @Exported
    public String getHost() {
        return session.endpoint().toString();
    }

    public String getShortName() {
        return session.endpoint().toShortString();
    }

    /** The login name. */
    @Exported
    public String getUser() {
        return session.user();
    }

    /** Whether nobody uses it. */
    @Exported
    public boolean isIdle() {
        return session.idle();
    }

    /** Whether it is closed as soon as nobody uses it. */
    @Exported
    public boolean isEnding() {
        return session.ending();
    }

    /** For people: in use, idle, closed after use. */
    public String getState() {
        if (session.ending()) {
            return Messages.SessionRow_ending();
        }
        return session.idle()
                ? Messages.SessionRow_idle(
                        Util.getTimeSpanString(session.unused().toMillis()))
                : Messages.SessionRow_inUse();
    }

    @Exported
    public long getAgeSeconds() {
        return session.age().toSeconds();
    }

    public String getAge() {
        return Util.getTimeSpanString(session.age().toMillis());
    }

    /** Since it was last used; zero while it is. */
    @Exported
    public long getUnusedSeconds() {
        return session.idle() ? session.unused().toSeconds() : 0;
    }

    /** Commands so far. */
    @Exported
    public long getUses() {
        return session.uses();
    }

    /** The server's identification line. */
    @Exported
    public String getServerVersion() {
        return session.facts().serverVersion();
    }

    @Exported
    public String getKeyExchange() {
        return session.facts().keyExchange();
    }

    @Exported
    public String getCipher() {
        return session.facts().cipher();
    }

    @Exported
    public String getHostKeyType() {
        return session.facts().hostProof().type();
    }

    /** As ssh-keygen shows it; with a certificate, that of its authority. */
    @Exported
    public String getHostKeyFingerprint() {
        return session.facts().hostProof().fingerprint();
    }

    /** Who uses it now, longest first. */
    @Exported
    public List<CallerRow> getHolders() {
        return holders;
    }
}
