package io.jenkins.plugins.sshexec.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "web1,                       -,               web1,        22",
                "' web1 ',                   -,               web1,        22",
                "WEB1.Example.ORG,           -,               web1.example.org, 22",
                "web1:2222,                  -,               web1,        2222",
                "deploy@web1,                deploy,          web1,        22",
                "deploy@web1:65535,          deploy,          web1,        65535",
                "me@corp.example@web1,       me@corp.example, web1,        22",
                "DOMAIN\\me@web1,            DOMAIN\\me,      web1,        22",
                "192.0.2.1:1,                -,               192.0.2.1,   1",
                "[2001:db8::1],              -,               2001:db8::1, 22",
                "root@[2001:DB8::1]:2222,    root,            2001:db8::1, 2222",
                "[fe80::1%eth0],             -,               fe80::1%eth0, 22",
                "under_score-1,              -,               under_score-1, 22",
                "bücher.example,             -,               bücher.example, 22"
            })
    void parses(String text, String user, String host, int port) {
        Destination destination = Destination.parse(text);
        assertThat(destination.user()).isEqualTo(Optional.ofNullable(user));
        assertThat(destination.endpoint()).isEqualTo(new Endpoint(host, port));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''               | Type the host",
                "2001:db8::1      | Put the IPv6 address in brackets: [2001:db8::1].",
                "web1:            | The port after the colon must be a number from 1 to 65535, not \"\".",
                "web1:ssh         | not \"ssh\".",
                "web1:0           | The port must be from 1 to 65535, not 0.",
                "web1:65536       | The port must be from 1 to 65535, not 65536.",
                "web1:99999999999 | not \"99999999999\".",
                "[web1]           | Only an IPv6 address stands in brackets",
                "[]               | Only an IPv6 address stands in brackets",
                "user@            | the host is missing",
                "@web1            | Type [user@]host[:port]",
                "web 1            | a character that no host name has",
                "-oProxyCommand=x | a character that no host name has",
                "web1;reboot      | a character that no host name has",
                "a b@web1         | The user name \"a b\" has a space or control character.",
                "[::1             | is not of that form"
            })
    void refuses(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Destination.parse(text))
                .withMessageContaining(message);
    }

    @Test
    void refusesNull() {
        assertThatIllegalArgumentException().isThrownBy(() -> Destination.parse(null));
    }

    /** Messages end up in logs: no line may be forged with them. */
    @ParameterizedTest
    @ValueSource(strings = {"web1\nFinished: SUCCESS", "web1:2\r2", "a\u0007b@web1"})
    void messagesAreOneLine(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Destination.parse(text))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void longTextIsCutInMessages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Destination.parse("web1:" + "9".repeat(10_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web1:22", "me@web1:22", "me@[2001:db8::1]:2222"})
    void textRoundTrip(String text) {
        assertThat(Destination.parse(text)).hasToString(text);
    }

    @Test
    void knownHostsName() {
        assertThat(new Endpoint("web1", 22).knownHostsName()).isEqualTo("web1");
        assertThat(new Endpoint("web1", 2222).knownHostsName()).isEqualTo("[web1]:2222");
        assertThat(new Endpoint("::1", 2222).knownHostsName()).isEqualTo("[::1]:2222");
    }
}
