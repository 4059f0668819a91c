package io.jenkins.plugins.sshexec.hostkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.testing.Fuzz;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a known_hosts file holds, it never makes a key known that it does not list, and each line is read or told. */
@Timeout(600)
class KnownHostsFuzzTest {

    private static final HostKey LISTED = TestKey.generate(TestKey.Type.ED25519).toHostKey();

    private static final HostKey OTHER = TestKey.generate(TestKey.Type.ECDSA).toHostKey();

    private static final List<String> LINES = List.of(
            KnownHostsLine.format("web1", LISTED),
            KnownHostsLine.format("[web1]:2222,192.0.2.1", LISTED) + " a comment",
            KnownHostsLine.format("*.example.org,!web*,w?b1", LISTED),
            "@revoked " + KnownHostsLine.format("*", OTHER),
            "@cert-authority " + KnownHostsLine.format("*", LISTED),
            KnownHostsLine.format("|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM=", LISTED));

    @TempDir
    private Path directory;

    @Test
    void aLineIsReadOrRefused() {
        Fuzz.texts(30_000, LINES, line -> {
            try {
                KnownHostsLine parsed = KnownHostsLine.parse(line);
                parsed.names("web1");
                assertThat(parsed.key().type()).isNotEmpty();
            } catch (IllegalArgumentException e) {
                // Told with its number by who reads the file.
            }
        });
    }

    @Test
    void aFileNeverMakesAnUnlistedKeyKnown() {
        int[] round = {0};
        Endpoint web1 = new Endpoint("web1", 22);
        Fuzz.texts(2_000, List.of(String.join("\n", LINES)), text -> {
            Path file = Files.writeString(
                    directory.resolve("known_hosts" + round[0]++), text.replaceAll("[\\ud800-\\udfff]", "?"));
            KnownHostsPolicy policy = new KnownHostsPolicy(List.of(new KnownHostsFile(file)));
            assertThat(policy.check(web1, OTHER)).isInstanceOf(HostKeyVerdict.Refused.class);
            assertThat(policy.knownKeyTypes(web1)).doesNotContain(OTHER.type());
            Files.delete(file);
        });
    }
}
