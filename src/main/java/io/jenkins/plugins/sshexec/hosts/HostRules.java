package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.MalformedDestinationException;
import io.jenkins.plugins.sshexec.core.model.UnfitCharacters;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What named hosts are held to, wherever they come from: a form, Configuration as Code, a script, a file that was edited by
 * hand. Each rule answers with one sentence that says what to type, or with nothing.
 */
public final class HostRules {

    private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{N}_.:-]+");

    /** To one host, and to any. */
    public static final int MAX_SESSIONS = 1_000;

    /** On one session. */
    public static final int MAX_CHANNELS = 100;

    /** Kept ready to one host: each holds a process of its server, for nothing as long as no command comes. */
    public static final int MAX_IDLE_SESSIONS = 100;

    private static final int MAX_SHOWN = 80;

    private HostRules() {}

    /**
     * Holds a list to all rules.
     *
     * @param ofAll the verification of the system configuration
     * @throws IllegalArgumentException whose message names the host and says what to do
     */
    public static void require(List<NamedHost> hosts, HostKeyVerification ofAll) {
        Set<String> names = new HashSet<>();
        for (NamedHost host : hosts) {
            problemOf(host, ofAll).ifPresent(HostRules::refuse);
            if (!names.add(host.getName().toLowerCase(Locale.ROOT))) {
                refuse(Messages.HostRules_twice(host));
            }
        }
    }

    /** Holds the hosts of a folder to all rules, as {@link #require} does. */
    static void requireInFolder(List<NamedHost> hosts, HostKeyVerification ofAll) {
        require(hosts, ofAll);
        hosts.forEach(host -> problemInFolder(host, ofAll).ifPresent(HostRules::refuse));
    }

    private static void refuse(String problem) {
        throw new IllegalArgumentException(problem);
    }

    /** What is wrong with one host, in a sentence that names it. */
    static Optional<String> problemOf(NamedHost host, HostKeyVerification ofAll) {
        return problemOf(host).or(() -> ofVerification(host.getHostKeyVerification(), ofAll)
                .map(problem -> Messages.HostRules_ofHost(host, problem)));
    }

    /** The same, but for its verification. */
    static Optional<String> problemOf(NamedHost host) {
        Optional<String> inName = ofName(host.getName());
        if (inName.isPresent()) {
            return inName;
        }
        return Stream.<Supplier<Optional<String>>>of(
                        () -> ofAddress(host.getAddress()),
                        () -> ofPort(host.getPort()),
                        () -> ofUser(host.getUser()),
                        () -> ofJumpHosts(host.jumpHosts()),
                        () -> ofProxy(host),
                        () -> ofSessions(host.getSessionsPerHost()),
                        () -> ofChannels(host.getChannelsPerSession()),
                        () -> ofMinIdleSessions(host.getMinIdleSessions(), host.getSessionsPerHost()),
                        () -> ofLabels(host.getLabels()))
                .flatMap(rule -> rule.get().stream())
                .findFirst()
                .map(problem -> Messages.HostRules_ofHost(host, problem));
    }

    /**
     * What is wrong with a host of a folder. It may be configured by somebody who may not read files of the controller or
     * say whom the controller trusts, so not every verification is for folders.
     */
    static Optional<String> problemInFolder(NamedHost host, HostKeyVerification ofAll) {
        HostKeyVerification own = host.getHostKeyVerification();
        return problemOf(host, ofAll)
                .or(() -> unless(own == null || own.isForFolders(), Messages::HostRules_notInFolder)
                        .map(problem -> Messages.HostRules_ofHost(host, problem)));
    }

    static Optional<String> ofName(String name) {
        if (name.isEmpty()) {
            return Optional.of(Messages.HostRules_noName());
        }
        return unless(Destination.isHostWord(name), () -> Messages.HostRules_name(shown(name)));
    }

    static Optional<String> ofAddress(@CheckForNull String address) {
        return unless(
                address == null || Destination.isAddress(address), () -> Messages.HostRules_address(shown(address)));
    }

    static Optional<String> ofPort(int port) {
        return unless(Endpoint.isPort(port), Messages::HostRules_port);
    }

    /** As typed into a form. */
    static Optional<String> ofPort(@CheckForNull String typed) {
        return ofPort(number(typed));
    }

    /** What is typed as a port, be it one or not; 0 where it is no number. */
    static int number(@CheckForNull String typed) {
        try {
            return typed == null ? 0 : Integer.parseInt(typed.trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static Optional<String> ofUser(@CheckForNull String user) {
        return unless(user == null || Destination.isUser(user), Messages::HostRules_user);
    }

    static Optional<String> ofJumpHosts(List<String> hosts) {
        for (String host : hosts) {
            try {
                Destination.parse(host);
            } catch (MalformedDestinationException e) {
                return Optional.of(Messages.HostRules_jumpHost(shown(host)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofProxy(NamedHost host) {
        HostProxy proxy = host.getProxy();
        if (proxy == null) {
            return Optional.empty();
        }
        return unless(host.getJumpHost() == null, Messages::HostRules_proxyAndJumpHost)
                .or(() -> unless(proxy.getType() != null, Messages::HostRules_proxyType))
                .or(() -> ofAddress(proxy.getAddress())
                        .or(() -> ofPort(proxy.getPort()))
                        .map(Messages::HostRules_proxy));
    }

    static Optional<String> ofSessions(int limit) {
        return unless(limit >= 0 && limit <= MAX_SESSIONS, () -> Messages.HostRules_sessions(MAX_SESSIONS));
    }

    static Optional<String> ofChannels(int limit) {
        return unless(limit >= 0 && limit <= MAX_CHANNELS, () -> Messages.HostRules_channels(MAX_CHANNELS));
    }

    /** @param sessionsPerHost the host's own limit; 0 where it has none */
    static Optional<String> ofMinIdleSessions(int number, int sessionsPerHost) {
        int most = sessionsPerHost > 0 ? Math.min(sessionsPerHost, MAX_IDLE_SESSIONS) : MAX_IDLE_SESSIONS;
        return unless(number >= 0 && number <= most, () -> Messages.HostRules_minIdleSessions(most));
    }

    /** What is typed as a limit; 0 where nothing is, and out of any range where it is no number. */
    static int limit(@CheckForNull String typed) {
        if (typed == null || typed.isBlank()) {
            return 0;
        }
        try {
            return Integer.parseInt(typed.trim());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    static Optional<String> ofLabels(@CheckForNull String labels) {
        return unless(
                labels == null
                        || Stream.of(labels.split("\\s+"))
                                .allMatch(label -> LABEL.matcher(label).matches()),
                Messages::HostRules_labels);
    }

    private static Optional<String> ofVerification(@CheckForNull HostKeyVerification own, HostKeyVerification ofAll) {
        return unless(own == null || !own.strictness().isLaxerThan(ofAll.strictness()), Messages::HostRules_laxer);
    }

    /** What was typed, on one line of bearable length. */
    private static String shown(String typed) {
        String line = UnfitCharacters.replace(typed, '?');
        return line.length() > MAX_SHOWN ? line.substring(0, MAX_SHOWN) + "..." : line;
    }

    private static Optional<String> unless(boolean fits, Supplier<String> problem) {
        return fits ? Optional.empty() : Optional.of(problem.get());
    }
}
