package io.jenkins.plugins.sshexec.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.sshexec.hosts.SshConfigText.Import;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshConfigTextTest {

    @Test
    void hostsAreReadWithAddressPortAndUser() {
        Import read = SshConfigText.parse("""
            # the shop
            Host web1 web2
                HostName %h.example.org
                port=2222
                User "deploy"

            host db
            \tHOSTNAME = 2001:db8::1
            \tUser deploy
            """);
        assertThat(read.notes()).isEmpty();
        assertThat(read.hosts())
                .extracting(NamedHost::getName, NamedHost::getAddress, NamedHost::getPort, NamedHost::getUser)
                .containsExactly(
                        tuple("web1", "web1.example.org", 2222, "deploy"),
                        tuple("web2", "web2.example.org", 2222, "deploy"),
                        tuple("db", "2001:db8::1", 22, "deploy"));
    }

    @Test
    void theFirstValueCountsAsForSsh() {
        Import read = SshConfigText.parse("Host web1\nUser first\nUser second\nHost WEB1\nUser third\nPort 2222\n");
        assertThat(read.hosts()).singleElement().satisfies(host -> {
            assertThat(host.getName()).isEqualTo("web1");
            assertThat(host.getUser()).isEqualTo("first");
            assertThat(host.getPort()).isEqualTo(2222);
        });
    }

    @Test
    void jumpHostsAreRead() {
        Import read = SshConfigText.parse("Host a\nProxyJump me@b:2222,c\nHost b c\nProxyJump none\n");
        assertThat(read.notes()).isEmpty();
        assertThat(read.hosts()).map(NamedHost::getJumpHost).containsExactly("me@b:2222,c", null, null);
    }

    @Test
    void whatIsNotImportedIsToldWithItsLine() {
        Import read = SshConfigText.parse("""
            Compression yes
            Host web1 *.example.org !bad
              IdentityFile ~/.ssh/id_ed25519
              ServerAliveInterval 60
            Host *
              User everybody
            Match host web1 exec "true"
              User matched
            Host web 2
              nonsense
              Port 99999
            Include other
            """);
        assertThat(read.hosts())
                .extracting(NamedHost::getName, NamedHost::getUser)
                .containsExactly(tuple("web1", null));
        List<String> told = List.of(
                "Line 1: what stands before the first Host",
                "Line 2: \"*.example.org\" stands for more than one host",
                "Line 2: \"!bad\" stands for more than one host",
                "Line 3: IdentityFile is not imported; put the key into credentials",
                "Line 4: ServerAliveInterval is not imported.",
                "Line 5: \"*\" stands for more than one host",
                "Line 7: what stands under Match",
                "Line 9: not imported. Host \"web\": Type a port",
                "Line 9: not imported. Host \"2\": Type a port",
                "Line 10: this line is not of the form",
                "Line 12: Include is not imported.");
        assertThat(read.notes()).hasSameSizeAs(told).zipSatisfy(told, (note, start) -> assertThat(note)
                .startsWith(start)
                .endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n\n", "# nothing", "\u0000", "Host", "Host=", "=", "Host \"\"", "Host \"web1", "User x"})
    void oddTextIsReadAllTheSame(String text) {
        Import read = SshConfigText.parse(text);
        assertThat(read.hosts())
                .allSatisfy(host -> assertThat(HostRules.problemOf(host)).isEmpty());
        assertThat(read.hosts().isEmpty() && read.notes().isEmpty())
                .as("nothing was said of what there was")
                .isEqualTo(text.isBlank() || text.startsWith("#"));
    }
}
