package io.jenkins.plugins.sshexec.core.model;

import io.jenkins.plugins.sshexec.core.model.MalformedDestinationException.Problem;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user types to say where a command runs: {@code [user@]host[:port]}, an IPv6 address in brackets. The word is
 * that of ssh(1).
 *
 * @param user the login name that was typed; empty to take it from elsewhere
 * @param host a host name or address without brackets, or the name of a host that is configured; in lower case, as in
 *     {@link Endpoint}
 * @param port the port that was typed; empty to take it from elsewhere
 */
public record Destination(Optional<String> user, String host, OptionalInt port) {

    /** The user ends at the last {@code @}, as in ssh(1), so that {@code me@corp.example@web1} works. */
    private static final Pattern FORM =
            Pattern.compile("(?:(?<user>.+)@)?(?:\\[(?<ip6>[^]]*)]|(?<name>[^:@\\[\\]]*))(?::(?<port>[^:]*))?");

    /** What may stand in a host name, an IPv4 address or an IPv6 address with its zone; no option, no shell character. */
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]*");

    private static final Pattern IP6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?");

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** Of what was typed, so much is shown in messages. */
    private static final int MAX_PART = 80;

    /** More than a host name (RFC 1035 section 2.3.4) and any login name together have. */
    private static final int MAX_LENGTH = 512;

    /** No control characters, no white space: neither has a place in a login name, and both could forge log lines. */
    private static final Pattern USER = Pattern.compile("[^\\p{Cc}\\p{Cf}\\s\\u2028\\u2029]+");

    public Destination {
        Objects.requireNonNull(user, "user");
        host = Objects.requireNonNull(host, "host").toLowerCase(Locale.ROOT);
        Objects.requireNonNull(port, "port");
    }

    /** The server, if {@link #host} is its address; on {@link Endpoint#DEFAULT_PORT} where no port was typed. */
    public Endpoint endpoint() {
        return new Endpoint(host, port.orElse(Endpoint.DEFAULT_PORT));
    }

    /** Whether the text can stand for the host without brackets: a host name, an IPv4 address, a name of that form. */
    public static boolean isHostWord(String text) {
        return HOST.matcher(text).matches();
    }

    /** Whether the text is a host name or an address, an IPv6 address without brackets. */
    public static boolean isAddress(String text) {
        return isHostWord(text) || IP6.matcher(text).matches();
    }

    /** Whether the text can be a login name. */
    public static boolean isUser(String text) {
        return USER.matcher(text).matches();
    }

    /** Reads {@code [user@]host[:port]}. */
    public static Destination parse(String text) throws MalformedDestinationException {
        String typed = text == null ? "" : text.trim();
        if (typed.isEmpty()) {
            throw malformed(Problem.MISSING, "");
        }
        if (typed.length() > MAX_LENGTH) {
            throw malformed(Problem.TOO_LONG, typed);
        }
        Matcher form = FORM.matcher(typed);
        if (!form.matches()) {
            throw malformed(IP6.matcher(typed).matches() ? Problem.NO_BRACKETS : Problem.FORM, typed);
        }
        String host = form.group("ip6") != null ? ip6(form.group("ip6")) : name(form.group("name"), typed);
        return new Destination(user(form.group("user")), host, port(form.group("port")));
    }

    private static String ip6(String address) {
        if (!IP6.matcher(address).matches()) {
            throw malformed(Problem.NOT_IP6, address);
        }
        return address;
    }

    private static String name(String host, String typed) {
        if (!HOST.matcher(host).matches()) {
            throw malformed(Problem.HOST, typed);
        }
        return host;
    }

    private static Optional<String> user(String user) {
        if (user != null && !USER.matcher(user).matches()) {
            throw malformed(Problem.USER, user);
        }
        return Optional.ofNullable(user);
    }

    private static OptionalInt port(String digits) {
        if (digits == null) {
            return OptionalInt.empty();
        }
        if (!PORT.matcher(digits).matches() || !Endpoint.isPort(Integer.parseInt(digits))) {
            throw malformed(Problem.PORT, digits);
        }
        return OptionalInt.of(Integer.parseInt(digits));
    }

    private static MalformedDestinationException malformed(Problem problem, String part) {
        String line = UnfitCharacters.replace(part, '?');
        return new MalformedDestinationException(
                problem, line.length() > MAX_PART ? line.substring(0, MAX_PART) + "..." : line);
    }

    /** {@code user@host:port}, without {@code user@} where none was typed. */
    @Override
    public String toString() {
        return user.map(name -> name + "@").orElse("") + endpoint();
    }
}
