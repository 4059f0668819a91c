package io.jenkins.plugins.sshexec.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.sshexec.core.model.MalformedDestinationException.Problem;
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
                "''               | MISSING     | ''",
                "2001:db8::1      | NO_BRACKETS | 2001:db8::1",
                "web1:            | PORT        | ''",
                "web1:ssh         | PORT        | ssh",
                "web1:0           | PORT        | 0",
                "web1:65536       | PORT        | 65536",
                "web1:99999999999 | PORT        | 99999999999",
                "web1:-1          | PORT        | -1",
                "[web1]           | NOT_IP6     | web1",
                "[]               | NOT_IP6     | ''",
                "user@            | HOST        | user@",
                "@web1            | FORM        | @web1",
                "web 1            | HOST        | web 1",
                "-oProxyCommand=x | HOST        | -oProxyCommand=x",
                "web1;reboot      | HOST        | web1;reboot",
                "a b@web1         | USER        | a b",
                "[::1             | FORM        | [::1"
            })
    void refuses(String text, Problem problem, String part) {
        assertThatExceptionOfType(MalformedDestinationException.class)
                .isThrownBy(() -> Destination.parse(text))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(problem))
                .satisfies(e -> assertThat(e.part()).isEqualTo(part));
    }

    @Test
    void refusesWhatIsLongerThanAnyName() {
        assertThatExceptionOfType(MalformedDestinationException.class)
                .isThrownBy(() -> Destination.parse("w".repeat(513)))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.TOO_LONG));
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
                .isThrownBy(() -> Destination.parse("web1:" + "9".repeat(500)))
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
