package io.jenkins.plugins.sshexec.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Jenkinsfile of {@code src/test/resources/scenarios} and what its build must give. Its first lines are comments: what it
 * shows, in words, and then what it needs and what it must give, each by a keyword.
 *
 * <pre>
 * // A status other than 0 fails the step, in one sentence.
 * // result: FAILURE
 * // log: ^ERROR: .* exit status 3\.$
 * sshExec host: env.SSH_HOST, command: 'exit 3'
 * </pre>
 *
 * The script finds the server as {@code env.SSH_HOST}, {@code host:port}, and its user as {@code env.SSH_USER}. The keywords:
 *
 * <dl>
 *   <dt>{@code server: openssh | embedded}
 *   <dd>A real OpenSSH, the default, or an embedded server, which takes passwords.
 *   <dt>{@code sshd-config: LINE}
 *   <dd>A line of the OpenSSH server's configuration.
 *   <dt>{@code sudoers: LINE}
 *   <dd>A line of sudoers(5) for the server alone, whose user, {@code USER} there, is an ordinary one then; root's tests only.
 *   <dt>{@code host-key: known | unknown | changed | given | changed-given | waiting | approved | rejected | accept-new |
 *       any}
 *   <dd>What Jenkins knows of its host key, and from where: known_hosts files for the first three, of which known is the
 *       default; the configuration; an administrator's decisions; or how else it is checked.
 *   <dt>{@code credentials: ID KIND [in FOLDER] [for HOST:PORT | any]}
 *   <dd>Credentials of the controller or a folder, in a domain of the server, of another host, or of any; see {@link Kind}.
 *       Where there is no such line, the one login is a key named {@code login}.
 *   <dt>{@code named-host: NAME [in FOLDER] [as USER] [with CREDENTIALS] [checked VERIFICATION] [legacy] [via HOST] [through TYPE[:CREDENTIALS]] [labels LABEL,LABEL] [sessions N] [ready N]}
 *   <dd>A host of the system configuration or a folder, whose address and port are those of the server. The verification is one of
 *       {@code host-key}, and where there is none, that of the system configuration; legacy lets it use legacy algorithms, via is its jump host, through its proxy: http or socks5, where need be with credentials of the kind password. So many sessions are ready when the first build begins.
 *   <dt>{@code folder: NAME}
 *   <dd>The job is in this folder.
 *   <dt>{@code setting: NAME NUMBER}
 *   <dd>One of the system configuration.
 *   <dt>{@code builds: N}
 *   <dd>So many builds, one after the other, and the last one counts; 1 is the default.
 *   <dt>{@code result: RESULT}
 *   <dd>SUCCESS is the default.
 *   <dt>{@code replace: TEXT => TEXT}
 *   <dd>What a script of the documentation ({@code docs/examples}, with these lines in a file of its own in {@code
 *       src/test/resources/examples}) says of hosts that a test has not, and what to run instead. {@code ${SSH_DIRECTORY}} and the like stand for
 *       themselves; that one is a folder of the server, empty at the beginning.
 *   <dt>{@code log: REGEX}, {@code no-log: REGEX}
 *   <dd>What is found in its log, and what is not. {@code ^} and {@code $} are those of a line; {@code ${SSH_HOST}} and the
 *       like stand for themselves as text.
 * </dl>
 */
public record Scenario(String name, String script, String description, Map<String, List<String>> needs) {

    private static final Pattern KEYWORD = Pattern.compile("// (?<keyword>[a-z-]+): (?<value>.+)");

    private static final Pattern CREDENTIALS =
            Pattern.compile("(?<id>\\S+) (?<kind>[a-z-]+)(?: in (?<folder>\\S+))?(?: for (?<host>\\S+))?");

    private static final Pattern NAMED_HOST = Pattern.compile(
            "(?<name>\\S+)(?: in (?<folder>\\S+))?(?: as (?<user>\\S+))?(?: with (?<credentials>\\S+))?(?: checked"
                    + " (?<check>\\S+))?(?<legacy> legacy)?(?: via (?<via>\\S+))?(?: through"
                    + " (?<proxy>[a-z0-9]+)(?::(?<proxycredentials>\\S+))?)?(?: labels (?<labels>\\S+))?"
                    + "(?: sessions (?<sessions>\\d+))?(?: ready (?<ready>\\d+))?");

    private static final List<String> KEYWORDS = List.of(
            "server",
            "sshd-config",
            "sudoers",
            "host-key",
            "credentials",
            "named-host",
            "folder",
            "setting",
            "builds",
            "result",
            "log",
            "no-log",
            "replace");

    /** Kinds of credentials. */
    public enum Kind {
        /** A private key that the server accepts. */
        KEY,
        /** The same, under a passphrase. */
        ENCRYPTED_KEY,
        /** A private key that the server does not know, with a certificate that it accepts; OpenSSH only. */
        CERTIFIED_KEY,
        /** The same, but the certificate has expired. */
        EXPIRED_CERTIFICATE,
        /** A private key that the server does not accept. */
        OTHER_KEY,
        /** Three keys that it does not accept, and then one that it does. */
        SEVERAL_KEYS,
        /** Text that is no private key. */
        BROKEN_KEY,
        PASSWORD,
        OTHER_PASSWORD,
        /** What sudo asks the user for, where a scenario has sudoers. */
        SUDO_PASSWORD,
        /** Of no use for SSH. */
        SECRET_TEXT
    }

    /**
     * One {@code credentials} line.
     *
     * @param folder null for the controller's own
     * @param host null for the server; {@code any} for no domain
     */
    public record Login(String id, Kind kind, String folder, String host) {}

    /**
     * One {@code named-host} line.
     *
     * @param folder null for the system configuration
     * @param user null for that of the credentials
     * @param credentials null for those of the domain
     * @param via null for none
     * @param proxy null for none
     * @param proxyCredentials null where it wants no login
     * @param check null for that of the system configuration
     * @param labels separated by spaces; null for none
     * @param sessions at once; 0 for as many as to any host
     * @param ready sessions that are kept ready; 0 for none
     */
    public record Host(
            String name,
            String folder,
            String user,
            String credentials,
            String check,
            boolean legacy,
            String via,
            String proxy,
            String proxyCredentials,
            String labels,
            int sessions,
            int ready) {}

    /** All there are, by name; then the examples of the documentation. */
    public static List<Scenario> all() {
        return Stream.concat(
                        jenkinsfiles(files("scenarios")).map(Scenario::read),
                        jenkinsfiles(documentation()).map(Scenario::readExample))
                .toList();
    }

    private static Stream<Path> jenkinsfiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jenkinsfile")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code docs/examples}, from wherever in the source tree the tests run. */
    private static Path documentation() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path examples = folder.resolve("docs/examples");
            if (Files.isDirectory(examples)) {
                return examples;
            }
        }
        throw new IllegalStateException("No docs/examples above " + Path.of("").toAbsolutePath());
    }

    private static Path files(String name) {
        URL folder = Scenario.class.getResource("/" + name);
        try {
            return Path.of(folder.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Scenario read(Path file) {
        try {
            return parse(name(file), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Scenario readExample(Path file) {
        String name = name(file);
        try {
            return parse(
                    "example-" + name,
                    Files.readString(files("examples").resolve(name + ".needs")) + Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".jenkinsfile", "");
    }

    /** @throws IllegalArgumentException for a keyword that there is none of */
    static Scenario parse(String name, String script) {
        StringBuilder description = new StringBuilder();
        Map<String, List<String>> needs = new LinkedHashMap<>();
        for (String line :
                script.lines().takeWhile(each -> each.startsWith("//")).toList()) {
            Matcher keyword = KEYWORD.matcher(line);
            if (!keyword.matches()) {
                description.append(line.substring("//".length())); // the space after it parts the lines
            } else if (KEYWORDS.contains(keyword.group("keyword"))) {
                needs.computeIfAbsent(keyword.group("keyword"), any -> new ArrayList<>())
                        .add(keyword.group("value").strip());
            } else {
                throw new IllegalArgumentException(name + ": no keyword " + keyword.group("keyword"));
            }
        }
        return new Scenario(name, script, description.toString().strip(), needs);
    }

    /** The script with its replacements, in which {@code ${SSH_HOST}} and the like stand for their values. */
    public String script(Map<String, String> environment) {
        int header = script.lines()
                .takeWhile(line -> line.startsWith("//"))
                .mapToInt(line -> line.length() + 1)
                .sum();
        String replaced = script.substring(header);
        for (String replacement : all("replace")) {
            String[] words = replacement.split(" => ", 2);
            if (!replaced.contains(words[0])) {
                throw new IllegalStateException(name + ": nothing to replace: " + words[0]);
            }
            String by = words[1];
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                by = by.replace("${" + variable.getKey() + "}", variable.getValue());
            }
            replaced = replaced.replace(words[0], by);
        }
        return script.substring(0, header) + replaced;
    }

    public boolean usesOpenSsh() {
        return one("server", "openssh").equals("openssh");
    }

    public List<String> sshdConfig() {
        return all("sshd-config");
    }

    public List<String> sudoers() {
        return all("sudoers");
    }

    public String hostKey() {
        return one("host-key", "known");
    }

    /** Null for a job at the top. */
    public String folder() {
        return one("folder", null);
    }

    public int builds() {
        return Integer.parseInt(one("builds", "1"));
    }

    public Map<String, Integer> settings() {
        Map<String, Integer> settings = new LinkedHashMap<>();
        for (String setting : all("setting")) {
            String[] words = setting.split(" ");
            settings.put(words[0], Integer.valueOf(words[1]));
        }
        return settings;
    }

    public List<Login> logins() {
        return needs.containsKey("credentials")
                ? all("credentials").stream().map(this::login).toList()
                : List.of(new Login("login", Kind.KEY, null, null));
    }

    private Login login(String line) {
        Matcher words = CREDENTIALS.matcher(line);
        if (!words.matches()) {
            throw new IllegalArgumentException(name + ": cannot read the credentials " + line);
        }
        Kind kind = Kind.valueOf(words.group("kind").replace('-', '_').toUpperCase(Locale.ROOT));
        return new Login(words.group("id"), kind, words.group("folder"), words.group("host"));
    }

    public List<Host> namedHosts() {
        return all("named-host").stream().map(this::namedHost).toList();
    }

    private Host namedHost(String line) {
        Matcher words = NAMED_HOST.matcher(line);
        if (!words.matches()) {
            throw new IllegalArgumentException(name + ": cannot read the named host " + line);
        }
        return new Host(
                words.group("name"),
                words.group("folder"),
                words.group("user"),
                words.group("credentials"),
                words.group("check"),
                words.group("legacy") != null,
                words.group("via"),
                words.group("proxy"),
                words.group("proxycredentials"),
                words.group("labels") == null ? null : words.group("labels").replace(',', ' '),
                number(words.group("sessions")),
                number(words.group("ready")));
    }

    private static int number(String word) {
        return word == null ? 0 : Integer.parseInt(word);
    }

    /** Compares what its last build has given. */
    public void check(String result, String log, Map<String, String> environment) {
        assertThat(log).as(description).doesNotContain("PRIVATE KEY");
        assertThat(result).as("%s%n%s", description, log).isEqualTo(one("result", "SUCCESS"));
        for (String regex : all("log")) {
            assertThat(log).as(description).containsPattern(pattern(regex, environment));
        }
        for (String regex : all("no-log")) {
            assertThat(log).as(description).doesNotContainPattern(pattern(regex, environment));
        }
    }

    private static Pattern pattern(String regex, Map<String, String> environment) {
        String filledIn = regex;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            filledIn = filledIn.replace("${" + variable.getKey() + "}", Pattern.quote(variable.getValue()));
        }
        return Pattern.compile(filledIn, Pattern.MULTILINE);
    }

    private List<String> all(String keyword) {
        return needs.getOrDefault(keyword, List.of());
    }

    private String one(String keyword, String whereAbsent) {
        List<String> values = all(keyword);
        return values.isEmpty() ? whereAbsent : values.get(0);
    }

    /** Where the file is, for IDEs. */
    public URI source() {
        return name.startsWith("example-")
                ? documentation()
                        .resolve(name.substring("example-".length()) + ".jenkinsfile")
                        .toUri()
                : files("scenarios").resolve(name + ".jenkinsfile").toUri();
    }

    @Override
    public String toString() {
        return name;
    }
}
