package io.jenkins.plugins.sshexec.hosts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads named hosts from the text of an OpenSSH client configuration (ssh_config(5)). What cannot be taken over is told with
 * its line: nothing is left out in silence. As for ssh(1), the first value of a keyword counts. Used by one thread.
 */
public final class SshConfigText {

    /** A keyword, white space or one {@code =}, and the rest of the line. */
    private static final Pattern LINE = Pattern.compile("(?<keyword>[A-Za-z0-9]+)(?:\\s*=\\s*|\\s+)(?<arguments>.*)");

    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private static final Pattern SEVERAL_HOSTS = Pattern.compile("[*?!]");

    /**
     * @param hosts that are fit to be used, in their order
     * @param notes one sentence with its line number for each thing that was not taken over, in the order of lines
     */
    public record Import(List<NamedHost> hosts, List<String> notes) {}

    /** A sentence about a line. */
    private record Note(int line, String text) {}

    /** What the text says of one host. */
    private static final class Entry {
        private final String name;
        private final int line;
        private final Map<String, String> values = new LinkedHashMap<>();

        Entry(String name, int line) {
            this.name = name;
            this.line = line;
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Note> notes = new ArrayList<>();

    /** Those that the lines are about; empty before the first {@code Host}, and where none of them can be taken over. */
    private List<Entry> current = List.of();

    /** Whether the lines are about hosts whose absence has been told. */
    private boolean told;

    private SshConfigText() {}

    public static Import parse(String text) {
        SshConfigText config = new SshConfigText();
        String[] lines = text.split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                config.line(i + 1, line);
            }
        }
        return config.toImport();
    }

    private void line(int number, String line) {
        Matcher parts = LINE.matcher(line);
        List<String> arguments = parts.matches() ? arguments(parts.group("arguments")) : List.of();
        if (arguments.isEmpty()) {
            note(number, Messages.SshConfigText_unreadable(number));
            return;
        }
        String keyword = parts.group("keyword");
        switch (keyword.toLowerCase(Locale.ROOT)) {
            case "host" -> hosts(number, arguments);
            case "match" -> {
                note(number, Messages.SshConfigText_match(number));
                current = List.of();
                told = true;
            }
            case "hostname", "port", "user", "proxyjump" -> value(number, keyword, arguments.get(0));
            case "identityfile" -> notTaken(number, Messages.SshConfigText_identityFile(number));
            default -> notTaken(number, Messages.SshConfigText_keyword(number, keyword));
        }
    }

    private static List<String> arguments(String text) {
        List<String> arguments = new ArrayList<>();
        Matcher matcher = ARGUMENT.matcher(text);
        while (matcher.find()) {
            arguments.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return arguments;
    }

    private void hosts(int number, List<String> patterns) {
        current = new ArrayList<>();
        told = true;
        for (String pattern : patterns) {
            if (SEVERAL_HOSTS.matcher(pattern).find()) {
                note(number, Messages.SshConfigText_severalHosts(number, pattern));
            } else {
                current.add(entries.computeIfAbsent(
                        pattern.toLowerCase(Locale.ROOT), ignored -> new Entry(pattern, number)));
            }
        }
    }

    private void value(int number, String keyword, String value) {
        if (current.isEmpty()) {
            notTaken(number, Messages.SshConfigText_keyword(number, keyword));
        }
        current.forEach(entry -> entry.values.putIfAbsent(keyword.toLowerCase(Locale.ROOT), value));
    }

    /** Where the whole block is not taken over, that has been told. */
    private void notTaken(int number, String note) {
        if (!current.isEmpty()) {
            note(number, note);
        } else if (!told) {
            note(number, Messages.SshConfigText_beforeFirstHost(number));
        }
    }

    private Import toImport() {
        List<NamedHost> hosts = new ArrayList<>();
        for (Entry entry : entries.values()) {
            NamedHost host = host(entry);
            HostRules.problemOf(host)
                    .ifPresentOrElse(
                            problem -> note(entry.line, Messages.SshConfigText_unfit(entry.line, problem)),
                            () -> hosts.add(host));
        }
        notes.sort(Comparator.comparingInt(Note::line));
        return new Import(List.copyOf(hosts), notes.stream().map(Note::text).toList());
    }

    private void note(int line, String text) {
        notes.add(new Note(line, text));
    }

    private static NamedHost host(Entry entry) {
        NamedHost host = new NamedHost(entry.name);
        String address = entry.values.get("hostname");
        if (address != null) {
            // The tokens that ssh_config(5) has for HostName.
            host.setAddress(address.replace("%h", entry.name).replace("%%", "%"));
        }
        host.setUser(entry.values.get("user"));
        String jump = entry.values.get("proxyjump");
        host.setJumpHost("none".equalsIgnoreCase(jump) ? null : jump);
        String port = entry.values.get("port");
        if (port != null) {
            host.setPort(HostRules.number(port));
        }
        return host;
    }
}
