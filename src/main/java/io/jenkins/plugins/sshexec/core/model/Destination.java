package io.jenkins.plugins.sshexec.core.model;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user types to say where a command runs: {@code [user@]host[:port]}, an IPv6 address in brackets. The word is
 * that of ssh(1).
 *
 * @param user the login name that was typed; empty to take it from the credentials
 */
public record Destination(Optional<String> user, Endpoint endpoint) {

    /** The user ends at the last {@code @}, as in ssh(1), so that {@code me@corp.example@web1} works. */
    private static final Pattern FORM =
            Pattern.compile("(?:(?<user>.+)@)?(?:\\[(?<ip6>[^]]*)]|(?<name>[^:@\\[\\]]*))(?::(?<port>[^:]*))?");

    /** What may stand in a host name, an IPv4 address or an IPv6 address with its zone; no option, no shell character. */
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]*");

    private static final Pattern IP6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?");

    /** More than a host name (RFC 1035 section 2.3.4) and any login name together have. */
    private static final int MAX_LENGTH = 512;

    /** No control characters, no white space: neither has a place in a login name, and both could forge log lines. */
    private static final Pattern USER = Pattern.compile("[^\\p{Cc}\\p{Cf}\\s\\u2028\\u2029]+");

    public Destination {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(endpoint, "endpoint");
    }

    /**
     * Reads {@code [user@]host[:port]}.
     *
     * @throws IllegalArgumentException whose message is one sentence that says what to type instead
     */
    public static Destination parse(String text) {
        String typed = text == null ? "" : text.trim();
        if (typed.isEmpty()) {
            throw new IllegalArgumentException("Type the host to run the command on: [user@]host[:port].");
        }
        if (typed.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Type [user@]host[:port], at most " + MAX_LENGTH + " characters.");
        }
        Matcher form = FORM.matcher(typed);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    IP6.matcher(typed).matches()
                            ? "Put the IPv6 address in brackets: [" + typed + "]."
                            : "Type [user@]host[:port]; " + quoted(typed) + " is not of that form.");
        }
        String host = form.group("ip6") != null ? ip6(form.group("ip6")) : name(form.group("name"), typed);
        return new Destination(user(form.group("user")), new Endpoint(host, port(form.group("port"))));
    }

    private static String ip6(String address) {
        if (!IP6.matcher(address).matches()) {
            throw new IllegalArgumentException(
                    "Only an IPv6 address stands in brackets, like [2001:db8::1]; " + quoted(address) + " is none.");
        }
        return address;
    }

    private static String name(String host, String typed) {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("Type [user@]host[:port]; in " + quoted(typed)
                    + " the host is missing or has a character that no host name has.");
        }
        return host;
    }

    private static Optional<String> user(String user) {
        if (user != null && !USER.matcher(user).matches()) {
            throw new IllegalArgumentException("The user name " + quoted(user) + " has a space or control character.");
        }
        return Optional.ofNullable(user);
    }

    private static int port(String digits) {
        if (digits == null) {
            return Endpoint.DEFAULT_PORT;
        }
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The port after the colon must be a number from 1 to 65535, not " + quoted(digits) + ".", e);
        }
    }

    /** The text in quotes, short and on one line whatever was typed, because it ends up in logs and forms. */
    private static String quoted(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?");
        return "\"" + (line.length() > 80 ? line.substring(0, 80) + "..." : line) + "\"";
    }

    /** {@code user@host:port}, without {@code user@} where none was typed. */
    @Override
    public String toString() {
        return user.map(name -> name + "@").orElse("") + endpoint;
    }
}
