package io.jenkins.plugins.sshexec.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.testing.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is typed for a host is understood, or refused with words that are fit for a log. */
@Timeout(600)
class DestinationFuzzTest {

    private static final List<String> TYPED = List.of(
            "web1",
            "deploy@web1.example.org",
            "deploy@web1:2222",
            "me@corp.example@web1",
            "[2001:db8::1]:22",
            "root@[fe80::1%eth0]",
            "192.0.2.1:65535",
            "b\u00fccher.example");

    @Test
    void isADestinationThatReadsTheSameAgainOrIsRefusedInOneLine() {
        Fuzz.texts(60_000, TYPED, typed -> {
            try {
                Destination destination = Destination.parse(typed);
                assertThat(UnfitCharacters.replace(destination.toString(), '?')).isEqualTo(destination.toString());
                assertThat(destination.endpoint().port()).isBetween(1, 65_535);
                Destination again = Destination.parse(destination.toString());
                assertThat(again.user()).isEqualTo(destination.user());
                assertThat(again.endpoint()).isEqualTo(destination.endpoint());
            } catch (MalformedDestinationException e) {
                assertThat(e.part()).hasSizeLessThan(100);
                assertThat(UnfitCharacters.replace(e.part(), '?')).isEqualTo(e.part());
            }
        });
    }
}
