package io.jenkins.plugins.sshexec.hostkey;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.Action;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * The host keys that were shown to this controller, with what administrators have decided about them and when, in
 * {@code JENKINS_HOME/ssh-exec/approved_known_hosts}. The file is a known_hosts file: what is approved is a line in it, what
 * is rejected a {@code @revoked} one, and what waits or was replaced a comment to others ({@link RegisteredKey}).
 *
 * <p>Nothing is ever removed from it. While a line is damaged nothing is written, so that no mishap is made worse; the keys
 * of the other lines stay in force. Thread-safe.
 */
@Extension
public final class HostKeyRegister {

    /** So that nobody fills the disk by having Jenkins connect to ever new keys. */
    static final int MAX_WAITING = 1000;

    private static final Logger LOGGER = Logger.getLogger(HostKeyRegister.class.getName());

    private static final String HEADER =
            "# Host keys and what was decided about them, see Manage Jenkins, SSH host keys. One a line, as in"
                    + " known_hosts.";

    private final Path file;
    private final Clock clock;

    /** Held from reading the file to replacing it. */
    private final Object writing = new Object();

    public HostKeyRegister() {
        this(
                Jenkins.get().getRootDir().toPath().resolve("ssh-exec").resolve("approved_known_hosts"),
                Clock.systemUTC());
    }

    HostKeyRegister(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** The one instance. */
    static HostKeyRegister get() {
        return ExtensionList.lookupSingleton(HostKeyRegister.class);
    }

    Path file() {
        return file;
    }

    /** The file cannot be changed, because lines of it are damaged. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(List<String> places) {
            super(Messages.HostKeyRegister_damaged(String.join(", ", places)));
        }
    }

    /** What was to be decided is no longer as the administrator saw it; the message says what is. */
    static final class OutdatedException extends Exception {
        private static final long serialVersionUID = 1L;

        OutdatedException(String message) {
            super(message);
        }
    }

    /**
     * The file's lines.
     *
     * @param keys by line, from 0; empty for lines that are about no server's key, or damaged
     * @param damaged the places, as {@code file:line}, of what cannot be read
     */
    private record Content(List<String> lines, List<Optional<RegisteredKey>> keys, List<String> damaged) {

        List<RegisteredKey> registered() {
            return keys.stream().flatMap(Optional::stream).toList();
        }

        Optional<RegisteredKey> find(String hostname, HostKey key) {
            return registered().stream()
                    .filter(each -> each.isOf(hostname, key))
                    .findFirst();
        }

        void requireUndamaged() throws DamagedException {
            if (!damaged.isEmpty()) {
                throw new DamagedException(damaged);
            }
        }
    }

    private Content read() throws IOException {
        List<String> lines;
        try {
            // Bytes that are no UTF-8 would be lost when the file is written again, so they come in as they are.
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            lines = Arrays.asList(
                    text.endsWith("\n") ? text.substring(0, text.length() - 1).split("\n", -1) : text.split("\n", -1));
        } catch (NoSuchFileException e) {
            lines = List.of(HEADER);
        }
        List<Optional<RegisteredKey>> keys = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        for (String line : lines) {
            try {
                keys.add(RegisteredKey.parse(utf8(line).strip()));
            } catch (IllegalArgumentException e) {
                keys.add(Optional.empty());
                damaged.add(file + ":" + keys.size());
            }
        }
        return new Content(lines, keys, damaged);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void write(List<String> lines) throws IOException {
        StoredFile.replace(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All keys that were seen or decided about, those of damaged lines left out. */
    List<RegisteredKey> keys() throws IOException {
        return read().registered();
    }

    /** Places, as {@code file:line}, of lines that cannot be read. */
    List<String> damagedLines() throws IOException {
        return read().damaged();
    }

    /** What is known of this key of the server with this known_hosts name. */
    Optional<RegisteredKey> find(String hostname, HostKey key) throws IOException {
        return read().find(hostname, key);
    }

    /**
     * Puts a key that nobody has decided about on the list of those that wait, unless it is there.
     *
     * @param requester who wanted to connect
     * @return whether the key waits now; not if too many do already
     * @throws DamagedException if the file has lines that cannot be read
     */
    boolean see(String hostname, HostKey key, String requester) throws IOException {
        synchronized (writing) {
            Content content = read();
            content.requireUndamaged();
            if (content.find(hostname, key).isPresent()) {
                return true;
            }
            long waiting = content.registered().stream()
                    .filter(each -> each.state() == State.WAITING)
                    .count();
            if (waiting >= MAX_WAITING) {
                return false;
            }
            List<String> lines = new ArrayList<>(content.lines());
            lines.add(bytes(RegisteredKey.seen(hostname, key, now(), requester).text()));
            write(lines);
            return true;
        }
    }

    /**
     * Lets the server show this key from now on.
     *
     * @param replaced fingerprints of the keys of this server that are in force no longer then, as the administrator saw
     *     them; empty if there was none
     * @param administrator id of the user who decides
     * @throws OutdatedException if other keys than these are in force, or the key is not on the list
     */
    void approve(String hostname, HostKey key, Set<String> replaced, String administrator)
            throws IOException, OutdatedException {
        change(hostname, key, content -> {
            Set<String> inForce = content.registered().stream()
                    .filter(each -> each.isInForceFor(hostname) && !each.key().equals(key))
                    .map(each -> each.key().fingerprint())
                    .collect(Collectors.toSet());
            if (!inForce.equals(replaced)) {
                throw new OutdatedException(Messages.HostKeyRegister_changedMeanwhile(hostname));
            }
            return each -> {
                if (each.isOf(hostname, key)) {
                    return each.after(State.APPROVED, Action.APPROVED, now(), administrator);
                }
                return each.isInForceFor(hostname)
                        ? each.after(State.REPLACED, Action.REPLACED, now(), administrator)
                        : each;
            };
        });
        LOGGER.log(Level.INFO, "{0} approved the host key of {1}: {2}", new Object[] {administrator, hostname, key});
    }

    /**
     * Refuses this key of the server from now on, whatever was decided before; sessions that were opened with it are used
     * no more.
     *
     * @throws OutdatedException if the key is not on the list
     */
    void reject(String hostname, HostKey key, String administrator) throws IOException, OutdatedException {
        change(
                hostname,
                key,
                content -> each -> each.isOf(hostname, key)
                        ? each.after(State.REJECTED, Action.REJECTED, now(), administrator)
                        : each);
        LOGGER.log(Level.INFO, "{0} rejected the host key of {1}: {2}", new Object[] {administrator, hostname, key});
    }

    /** Looks at the content under the lock, and says what becomes of each key. */
    private interface Decision {
        UnaryOperator<RegisteredKey> of(Content content) throws OutdatedException;
    }

    private void change(String hostname, HostKey key, Decision decision) throws IOException, OutdatedException {
        synchronized (writing) {
            Content content = read();
            content.requireUndamaged();
            if (content.find(hostname, key).isEmpty()) {
                throw new OutdatedException(Messages.HostKeyRegister_notListed(hostname, key));
            }
            UnaryOperator<RegisteredKey> change = decision.of(content);
            List<String> lines = new ArrayList<>(content.lines());
            for (int i = 0; i < lines.size(); i++) {
                Optional<RegisteredKey> before = content.keys().get(i);
                if (before.isPresent()) {
                    RegisteredKey after = change.apply(before.get());
                    if (after != before.get()) {
                        lines.set(i, bytes(after.text()));
                    }
                }
            }
            write(lines);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
