package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.hostkey.HostKeys.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsLine.Marker;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsLineTest {

    private static final HostKey KEY = HostKeys.ed25519(1);

    /** {@code ssh-ed25519 AAAA...} */
    private static final String TYPE_AND_KEY = line("", KEY).strip();

    /** Host name field, known_hosts name, and whether the one is about the other. */
    static Stream<Arguments> hostnames() {
        return Stream.of(
                Arguments.of("web1", "web1", true),
                Arguments.of("web1", "web2", false),
                Arguments.of("web1", "web10", false),
                Arguments.of("web1", "myweb1", false),
                Arguments.of("WEB1.Example.ORG", "web1.example.org", true),
                Arguments.of("web1,web2", "web1", true),
                Arguments.of("web1,web2", "web2", true),
                Arguments.of("web1,192.0.2.1", "192.0.2.1", true),
                Arguments.of("web1,192.0.2.1", "192.0.2.10", false),
                Arguments.of("*", "web1", true),
                Arguments.of("*", "[web1]:2222", true),
                Arguments.of("*.example.org", "web1.example.org", true),
                Arguments.of("*.example.org", "a.b.example.org", true),
                Arguments.of("*.example.org", "example.org", false),
                Arguments.of("*.example.org", "web1.example.org.evil.test", false),
                Arguments.of("web?", "web1", true),
                Arguments.of("web?", "web", false),
                Arguments.of("web?", "web12", false),
                Arguments.of("192.0.2.*", "192.0.2.77", true),
                Arguments.of("*.example.org,!db.example.org", "db.example.org", false),
                Arguments.of("!db.example.org,*.example.org", "db.example.org", false),
                Arguments.of("!db.example.org,*.example.org", "web1.example.org", true),
                Arguments.of("!*.lab.example.org,*.example.org", "a.lab.example.org", false),
                Arguments.of("!db.example.org", "web1.example.org", false),
                Arguments.of("[web1]:2222", "[web1]:2222", true),
                Arguments.of("[web1]:2222", "[web1]:22222", false),
                Arguments.of("[web1]:2222", "web1", false),
                Arguments.of("web1", "[web1]:2222", false),
                Arguments.of("[*]:2222", "[web1]:2222", true),
                Arguments.of("[web1]:*", "[web1]:2222", true),
                Arguments.of("web1,[web1]:2222", "[web1]:2222", true),
                Arguments.of("2001:db8::1", "2001:db8::1", true),
                Arguments.of("2001:DB8::1", "2001:db8::1", true),
                Arguments.of("2001:db8::1", "2001:db8::10", false),
                Arguments.of("[2001:db8::1]:2222", "[2001:db8::1]:2222", true),
                Arguments.of("[2001:db8::1]:2222", "2001:db8::1", false),
                Arguments.of("web.1", "webx1", false),
                Arguments.of("web[12]", "web1", false),
                Arguments.of("web1|web2", "web2", false),
                Arguments.of("\\Eweb1", "web1", false),
                Arguments.of("web1,", "web1", true),
                Arguments.of("web1,", "web2", false));
    }

    @ParameterizedTest
    @MethodSource("hostnames")
    void hostnamesAreMatched(String hostnames, String name, boolean matches) {
        assertThat(KnownHostsLine.parse(line(hostnames, KEY)).names(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web1 %s", "  web1 \t %s", "web1 %s me@home", "web1 %s a comment of # many words", "\tweb1 %s \r"
            })
    void whiteSpaceAndCommentsAreNoPartOfTheKey(String format) {
        assertThat(KnownHostsLine.parse(format.formatted(TYPE_AND_KEY)))
                .isEqualTo(new KnownHostsLine(Marker.NONE, "web1", KEY));
    }

    @Test
    void fieldsMayBeSeparatedByTabs() {
        assertThat(KnownHostsLine.parse("web1\t" + TYPE_AND_KEY.replace(' ', '\t') + "\tcomment"))
                .isEqualTo(new KnownHostsLine(Marker.NONE, "web1", KEY));
    }

    @ParameterizedTest
    @CsvSource({"@revoked, REVOKED", "@cert-authority, CERT_AUTHORITY"})
    void markerStandsBeforeTheNames(String word, Marker marker) {
        assertThat(KnownHostsLine.parse(word + " *.example.org " + TYPE_AND_KEY + " comment"))
                .isEqualTo(new KnownHostsLine(marker, "*.example.org", KEY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web1",
                "web1 ssh-ed25519",
                "@revoked web1 ssh-ed25519",
                "@ web1 %s",
                "@REVOKED web1 %s",
                "@trusted web1 %s",
                "web1 ssh-ed25519 !!!!",
                "web1 ssh-ed25519 AAAA",
                "web1 ssh-ed25519 AAAAAA==",
                "web1 ssh-ed25519 /////w==",
                "web1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5A",
                "web1 ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAEB",
                "web1 1024 35 1234567890123456789"
            })
    void lineOfNoFormatIsRefused(String format) {
        assertThatIllegalArgumentException().isThrownBy(() -> KnownHostsLine.parse(format.formatted(TYPE_AND_KEY)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|",
                "|1|",
                "|1||",
                "|1|c2FsdA==",
                "|1|c2FsdA==|aGFzaA==|more",
                "|1|no base64|aGFzaA==",
                "|1|c2FsdA==|*",
                "|2|c2FsdA==|aGFzaA=="
            })
    void malformedHashIsRefused(String hashed) {
        assertThatIllegalArgumentException().isThrownBy(() -> KnownHostsLine.parse(line(hashed, KEY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web1", "[web1]:2222", "2001:db8::1", "[2001:db8::1]:2222"})
    void formattedLineIsReadBack(String name) {
        KnownHostsLine read = KnownHostsLine.parse(KnownHostsLine.format(name, KEY));
        assertThat(read).isEqualTo(new KnownHostsLine(Marker.NONE, name, KEY));
        assertThat(read.names(name)).isTrue();
    }

    @Nested
    class BesideSshKeygen {

        @TempDir
        private Path directory;

        @BeforeEach
        void sshKeygenIsInstalled() {
            SshKeygen.assumeInstalled();
        }

        @ParameterizedTest
        @MethodSource("io.jenkins.plugins.sshexec.hostkey.KnownHostsLineTest#hostnames")
        void hostnamesAreMatchedAlike(String hostnames, String name, boolean matches) throws IOException {
            Path file = Files.writeString(directory.resolve("known_hosts"), line(hostnames, KEY) + "\n");
            assertThat(SshKeygen.finds(name, file)).isEqualTo(matches);
        }

        @Test
        void hashedNamesAreFound() throws IOException {
            List<String> names = List.of("web1", "[web1]:2222", "2001:db8::1", "[2001:db8::1]:2222", "192.0.2.1");
            Path file = Files.write(
                    directory.resolve("known_hosts"),
                    names.stream().map(name -> line(name, KEY)).toList());
            SshKeygen.hash(file);
            List<String> hashed = Files.readAllLines(file);
            assertThat(hashed).hasSameSizeAs(names).allMatch(text -> text.startsWith("|1|"));
            for (int i = 0; i < names.size(); i++) {
                KnownHostsLine line = KnownHostsLine.parse(hashed.get(i));
                assertThat(line.key()).isEqualTo(KEY);
                assertThat(names).filteredOn(line::names).containsExactly(names.get(i));
            }
        }

        @ParameterizedTest
        @EnumSource
        void keysOfAllTypesAreReadAndWrittenAlike(TestKey.Type type) throws IOException {
            TestKey key = TestKey.generate(type);
            String typeAndKey = key.publicLine().replaceFirst(" test$", "");
            assertThat(KnownHostsLine.parse("web1 " + key.publicLine()).key()).isEqualTo(key.toHostKey());
            assertThat(line("web1", key.toHostKey())).isEqualTo("web1 " + typeAndKey);
            Path file = Files.writeString(directory.resolve("key.pub"), key.publicLine());
            assertThat(SshKeygen.describe(file)).contains(" " + key.toHostKey().fingerprint() + " ");
        }
    }
}
