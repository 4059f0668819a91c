package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.hostkey.HostKeys.host;
import static io.jenkins.plugins.sshexec.hostkey.HostKeys.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsFileVerificationTest {

    private static final HostKey KEY = HostKeys.ed25519(1);

    private final KnownHostsFileVerification verification = new KnownHostsFileVerification();

    @Test
    void allFilesThatAreNamedCount(@TempDir Path directory) throws IOException {
        Path first = Files.writeString(directory.resolve("first hosts"), line("web1", KEY) + "\n");
        Path second = Files.writeString(directory.resolve("second"), line("web2", KEY) + "\n");
        verification.setFile("\r\n  " + first + "  \r\n\r\n" + second + "\r\n");
        assertThat(verification.getFile()).isEqualTo(first + "\n" + second);
        HostKeyPolicy policy = verification.policy("a test");
        assertThat(policy.check(host("web1"), KEY)).isEqualTo(new Accepted());
        assertThat(policy.check(host("web2"), KEY)).isEqualTo(new Accepted());
    }

    @Test
    void eachFileMustBeAnAbsolutePath() {
        assertThatIllegalArgumentException().isThrownBy(() -> verification.setFile("/etc/ssh/known\nknown_hosts"));
        assertThat(verification.getFile()).isNull();
    }

    @Test
    void blankMeansTheFilesOfSsh() {
        verification.setFile("/etc/ssh/known");
        verification.setFile(" \n ");
        assertThat(verification.getFile()).isNull();
    }
}
