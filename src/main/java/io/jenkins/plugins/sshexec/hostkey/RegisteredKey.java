package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsLine.Marker;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One line of the {@link HostKeyRegister}: a line of the known_hosts format whose comment tells its history, and in front
 * of it what has been decided. To ssh(1), keys that are not in force are comments.
 *
 * @param body the line without what is in front
 * @param history oldest first; empty where somebody added the line by hand
 */
record RegisteredKey(State state, String body, KnownHostsLine line, List<Event> history) {

    private static final Pattern WHITE_SPACE = Pattern.compile("[ \\t]+");

    /** Host names, key type, key. */
    private static final int WORDS_BEFORE_COMMENT = 3;

    /** What has been decided about a key. */
    enum State {
        /** Seen, and waiting for a decision. */
        WAITING("#waiting "),
        APPROVED(""),
        /** Refused, also as the key of a certificate. */
        REJECTED(Marker.REVOKED.word() + " "),
        /** Approved once; another key has taken its place. */
        REPLACED("#replaced ");

        private final String prefix;

        State(String prefix) {
            this.prefix = prefix;
        }
    }

    /** What may happen to a key; the names are those in the file. */
    enum Action {
        SEEN,
        APPROVED,
        REJECTED,
        REPLACED;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing that has happened to a key.
     *
     * @param at to the second
     * @param by full name of the job that saw the key, or id of the user who decided
     */
    record Event(Action action, Instant at, String by) {

        /** {@code action@time@who}, who being encoded as in a URL, so that it has neither a space nor an {@code @}. */
        private String text() {
            return action.word() + "@" + at + "@" + URLEncoder.encode(by, StandardCharsets.UTF_8);
        }

        /** Empty where the word is none of an event. */
        private static Optional<Event> parse(String word) {
            for (Action action : Action.values()) {
                if (word.startsWith(action.word() + "@")) {
                    String[] parts = word.split("@", -1);
                    if (parts.length != 3) {
                        throw new IllegalArgumentException("An event is action@time@who.");
                    }
                    return Optional.of(new Event(action, instant(parts[1]), decoded(parts[2])));
                }
            }
            return Optional.empty();
        }

        private static Instant instant(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("The time of an event is none: " + text, e);
            }
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    /** A key that waits for a decision. */
    static RegisteredKey seen(String hostname, HostKey key, Instant at, String requester) {
        Event event = new Event(Action.SEEN, at, requester);
        String body = KnownHostsLine.format(hostname, key) + " " + event.text();
        return new RegisteredKey(State.WAITING, body, KnownHostsLine.parse(body), List.of(event));
    }

    /**
     * Reads a line of the register.
     *
     * @return empty for a line that is about no server's key: a comment, an authority
     * @throws IllegalArgumentException where the line is damaged
     */
    static Optional<RegisteredKey> parse(String text) {
        Optional<State> hidden = Stream.of(State.WAITING, State.REPLACED)
                .filter(state -> text.startsWith(state.prefix.strip()))
                .findFirst();
        if (text.isBlank() || text.startsWith("#") && hidden.isEmpty()) {
            return Optional.empty();
        }
        String shown = text.substring(
                hidden.map(state -> state.prefix.strip()).orElse("").length());
        KnownHostsLine line = KnownHostsLine.parse(shown);
        if (line.marker() == Marker.CERT_AUTHORITY && hidden.isEmpty()) {
            return Optional.empty();
        }
        String body = shown.strip().substring(line.marker().word().length()).strip();
        State state = hidden.orElse(line.marker() == Marker.REVOKED ? State.REJECTED : State.APPROVED);
        if (hidden.isPresent() && line.marker() != Marker.NONE || !line.key().isCanonical()) {
            throw new IllegalArgumentException("The line is cut short, or was not written here.");
        }
        return Optional.of(new RegisteredKey(state, body, line, history(body)));
    }

    private static List<Event> history(String body) {
        return WHITE_SPACE
                .splitAsStream(body)
                .skip(WORDS_BEFORE_COMMENT)
                .map(Event::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The line for the file, without a line end. */
    String text() {
        return state.prefix + body;
    }

    /** The same key after a decision. */
    RegisteredKey after(State next, Action action, Instant at, String by) {
        Event event = new Event(action, at, by);
        List<Event> longer = new ArrayList<>(history);
        longer.add(event);
        return new RegisteredKey(next, body + " " + event.text(), line, List.copyOf(longer));
    }

    /** When and by whom this was done last, if it was. */
    Optional<Event> last(Action action) {
        return history.stream().filter(event -> event.action() == action).reduce((earlier, later) -> later);
    }

    /** Whether this line is about that key of the server with this known_hosts name alone. */
    boolean isOf(String hostname, HostKey key) {
        return line.hostnames().equals(hostname) && line.key().equals(key);
    }

    /** Whether the server with this known_hosts name may show the key because of this line. */
    boolean isInForceFor(String hostname) {
        return state == State.APPROVED && line.hostnames().equals(hostname);
    }

    String hostname() {
        return line.hostnames();
    }

    HostKey key() {
        return line.key();
    }
}
