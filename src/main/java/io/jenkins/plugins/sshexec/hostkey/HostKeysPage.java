package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.Event;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.State;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * What the page of {@link HostKeysLink} shows at one moment, to one user; the view escapes it all, since names come from
 * outside.
 *
 * @param damagedLines {@code file:line} of what cannot be read
 */
public record HostKeysPage(List<Row> waiting, List<Row> approved, List<Row> past, List<String> damagedLines) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss z");

    /**
     * One key of one server.
     *
     * @param hostname its known_hosts name, or patterns where somebody wrote them into the file
     * @param replaces fingerprints of the other keys that are in force for the same name
     * @param history one line for each event, oldest first
     */
    public record Row(
            State state,
            String hostname,
            String type,
            String fingerprint,
            String md5,
            List<String> replaces,
            List<String> history) {

        public boolean mayApprove() {
            return state != State.APPROVED;
        }

        public boolean mayReject() {
            return state != State.REJECTED;
        }

        /** As one parameter of a form. */
        public String replacesAsText() {
            return String.join(" ", replaces);
        }

        public String stateText() {
            return switch (state) {
                case WAITING -> Messages.HostKeysPage_waiting();
                case APPROVED -> Messages.HostKeysPage_approved();
                case REJECTED -> Messages.HostKeysPage_rejected();
                case REPLACED -> Messages.HostKeysPage_replaced();
            };
        }
    }

    static HostKeysPage of(HostKeyRegister register) throws IOException {
        List<RegisteredKey> keys = register.keys();
        List<Row> rows = keys.stream()
                .map(key -> row(key, keys))
                .sorted(Comparator.comparing(Row::hostname))
                .toList();
        return new HostKeysPage(
                in(rows, State.WAITING),
                in(rows, State.APPROVED),
                rows.stream()
                        .filter(row -> row.state() == State.REJECTED || row.state() == State.REPLACED)
                        .toList(),
                register.damagedLines());
    }

    private static List<Row> in(List<Row> rows, State state) {
        return rows.stream().filter(row -> row.state() == state).toList();
    }

    private static Row row(RegisteredKey key, List<RegisteredKey> all) {
        List<String> replaces = all.stream()
                .filter(other ->
                        other.isInForceFor(key.hostname()) && !other.key().equals(key.key()))
                .map(other -> other.key().fingerprint())
                .distinct()
                .toList();
        return new Row(
                key.state(),
                key.hostname(),
                key.key().type(),
                key.key().fingerprint(),
                key.key().md5Fingerprint(),
                replaces,
                key.history().stream().map(HostKeysPage::describe).toList());
    }

    private static String describe(Event event) {
        String at = TIME.format(event.at().atZone(ZoneId.systemDefault()));
        return switch (event.action()) {
            case SEEN ->
                mayKnow(event.by())
                        ? Messages.HostKeysPage_seen(at, event.by())
                        : Messages.HostKeysPage_seenBySomeJob(at);
            case APPROVED -> Messages.HostKeysPage_approvedBy(at, event.by());
            case REJECTED -> Messages.HostKeysPage_rejectedBy(at, event.by());
            case REPLACED -> Messages.HostKeysPage_replacedBy(at, event.by());
        };
    }

    /** Whether the reader may know of the job; of one that is gone, administrators alone. */
    private static boolean mayKnow(String job) {
        Jenkins jenkins = Jenkins.get();
        try {
            return jenkins.hasPermission(Jenkins.ADMINISTER) || jenkins.getItemByFullName(job) != null;
        } catch (AccessDeniedException e) {
            return false; // what core throws where somebody may know that there is something, but not what
        }
    }
}
