package io.jenkins.plugins.sshexec.hostkey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Where lines of the known_hosts format stand. Implementations are immutable; equal ones have equal {@link #id ids}. */
interface KnownHostsSource {

    /**
     * One line that is neither empty nor a comment.
     *
     * @param place where it stands, for messages
     * @param line empty where the text is none of the format
     */
    record Entry(String place, String text, Optional<KnownHostsLine> line) {

        /** Whether the line is unreadable, but was to revoke a key: nobody knows which. */
        boolean isLostRevocation() {
            return line.isEmpty() && text.stripLeading().startsWith(KnownHostsLine.Marker.REVOKED.word());
        }
    }

    /** A text that tells sources apart: for files their name, since an edit counts at once; else what they hold. */
    String id();

    /** The lines as they are now. */
    List<Entry> entries() throws IOException;

    /** Where an administrator adds a line, behind "add this line to". */
    String placeToAdd();

    /** @param placeOf the place of the line with this number, from 1 */
    static List<Entry> parse(String text, IntFunction<String> placeOf) {
        List<Entry> entries = new ArrayList<>();
        // Only a line feed ends a line: to OpenSSH, what follows a lone carriage return is still the same line.
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(new Entry(placeOf.apply(i + 1), line, parseLine(line)));
            }
        }
        return List.copyOf(entries);
    }

    private static Optional<KnownHostsLine> parseLine(String text) {
        try {
            return Optional.of(KnownHostsLine.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
