package io.jenkins.plugins.sshexec.management;

import io.jenkins.plugins.sshexec.core.model.LeaseHolder;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.core.pool.RefusalReason;
import io.jenkins.plugins.sshexec.core.pool.RetireReason;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The pool at one moment, as one viewer may see it: what page, REST and CLI show. Immutable. */
@Restricted(NoExternalUse.class)
@ExportedBean
public final class SessionsPage {

    /** So that the API shows hosts and sessions whole, without {@code depth}. */
    static final int ALWAYS = 999;

    private final PoolSnapshot snapshot;
    private final Predicate<LeaseHolder> visible;

    /** @param visible whose names the viewer may know */
    SessionsPage(PoolSnapshot snapshot, Predicate<LeaseHolder> visible) {
        this.snapshot = snapshot;
        this.visible = visible;
    }

    @Exported
    public List<HostRow> getHosts() {
        return snapshot.hosts().stream()
                .map(host -> new HostRow(host, callers(host.line())))
                .toList();
    }

    /** Hosts to which the latest connects failed. */
    @Exported
    public List<OutageRow> getOutages() {
        return snapshot.outages().stream().map(OutageRow::new).toList();
    }

    /** By host, then by number. */
    @Exported
    public List<SessionRow> getSessions() {
        return snapshot.sessions().stream()
                .sorted(Comparator.comparing((PoolSnapshot.Session session) ->
                                session.endpoint().toString())
                        .thenComparing(PoolSnapshot.Session::id))
                .map(session -> new SessionRow(session, callers(session.holders())))
                .toList();
    }

    private List<CallerRow> callers(List<PoolSnapshot.Caller> callers) {
        return callers.stream()
                .map(caller -> new CallerRow(caller, visible.test(caller.holder())))
                .toList();
    }

    /** Sessions opened since Jenkins was started. */
    @Exported
    public long getOpened() {
        return snapshot.opened();
    }

    /** Commands that found a session open. */
    @Exported
    public long getReused() {
        return snapshot.reused();
    }

    /** Sessions that were to be used and turned out to be dead, too old or no longer trusted. */
    @Exported
    public long getReplaced() {
        return snapshot.replaced();
    }

    /** Sessions closed, by reason. */
    @Exported
    public Map<String, Long> getClosed() {
        return named(snapshot.retired());
    }

    /** Commands that got no session, by reason. */
    @Exported
    public Map<String, Long> getRefused() {
        return named(snapshot.refused());
    }

    private static Map<String, Long> named(Map<? extends Enum<?>, Long> counts) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((reason, count) -> named.put(reason.name(), count));
        return named;
    }

    /** For people: sessions closed, by reason. */
    public Map<String, Long> getClosedBecause() {
        Map<String, Long> told = new TreeMap<>();
        snapshot.retired().forEach((reason, count) -> told.put(tell(reason), count));
        return told;
    }

    /** For people: commands that got no session, by reason. */
    public Map<String, Long> getRefusedBecause() {
        Map<String, Long> told = new TreeMap<>();
        snapshot.refused().forEach((reason, count) -> told.put(tell(reason), count));
        return told;
    }

    private static String tell(RetireReason reason) {
        return switch (reason) {
            case IDLE -> Messages.RetireReason_idle();
            case AGED -> Messages.RetireReason_aged();
            case DEAD -> Messages.RetireReason_dead();
            case FAILED -> Messages.RetireReason_failed();
            case SETTINGS -> Messages.RetireReason_settings();
            case ROOM -> Messages.RetireReason_room();
            case UNTRUSTED -> Messages.RetireReason_untrusted();
            case EVICTED -> Messages.RetireReason_evicted();
            case DRAINED -> Messages.RetireReason_drained();
            case SHUTDOWN -> Messages.RetireReason_shutdown();
        };
    }

    private static String tell(RefusalReason reason) {
        return switch (reason) {
            case WAIT_TIMEOUT -> Messages.RefusalReason_waitTimeout();
            case UNREACHABLE -> Messages.RefusalReason_unreachable();
            case HOST_KEY -> Messages.RefusalReason_hostKey();
            case LOGIN -> Messages.RefusalReason_login();
            case CANCELLED -> Messages.RefusalReason_cancelled();
            case SHUTDOWN -> Messages.RefusalReason_shutdown();
            case OTHER -> Messages.RefusalReason_other();
        };
    }

    /** All hosts together, in a sentence. */
    public String getSummary() {
        int inUse = sum(PoolSnapshot.Host::sessionsInUse);
        int idle = sum(PoolSnapshot.Host::sessionsIdle);
        return Messages.SessionsPage_summary(inUse + idle, inUse, idle, sum(PoolSnapshot.Host::waiting));
    }

    private int sum(ToIntFunction<PoolSnapshot.Host> value) {
        return snapshot.hosts().stream().mapToInt(value).sum();
    }
}
