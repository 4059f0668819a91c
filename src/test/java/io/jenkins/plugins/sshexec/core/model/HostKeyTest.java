package io.jenkins.plugins.sshexec.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.sshexec.testing.TestKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostKeyTest {

    /** The host key of github.com, whose fingerprint GitHub publishes. */
    private static final byte[] GITHUB =
            Base64.getDecoder().decode("AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");

    @Test
    void typeAndFingerprintAsSshKeygenShowsThem() {
        HostKey key = HostKey.ofBlob(GITHUB);
        assertThat(key.type()).isEqualTo("ssh-ed25519");
        assertThat(key.fingerprint()).isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
        assertThat(key).hasToString("ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    }

    @Test
    void comparesByContentAndCannotBeChanged() {
        HostKey key = HostKey.ofBlob(GITHUB);
        key.blob()[10] ^= 1;
        assertThat(key).isEqualTo(HostKey.ofBlob(GITHUB)).hasSameHashCodeAs(HostKey.ofBlob(GITHUB));
        byte[] other = GITHUB.clone();
        other[50] ^= 1;
        assertThat(key).isNotEqualTo(HostKey.ofBlob(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "AAAAAA==", "AAAAC3NzaA==", "/////3NzaA=="})
    void refusesWhatIsNoKey(String base64) {
        byte[] blob = Base64.getDecoder().decode(base64);
        assertThatIllegalArgumentException().isThrownBy(() -> HostKey.ofBlob(blob));
    }

    @Test
    void onlyTheFormOfTheDefinitionIsCanonical() {
        assertThat(HostKey.ofBlob(GITHUB).isCanonical()).isTrue();
        byte[] longer = Arrays.copyOf(GITHUB, GITHUB.length + 1);
        assertThat(HostKey.ofBlob(longer).isCanonical()).isFalse();
        byte[] withEmptyField = Arrays.copyOf(GITHUB, GITHUB.length + Integer.BYTES);
        assertThat(HostKey.ofBlob(withEmptyField).isCanonical()).isFalse();
        assertThat(HostKey.ofBlob(Arrays.copyOf(GITHUB, GITHUB.length - 1)).isCanonical())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void keysOfOpenSshAreCanonical(TestKey.Type type) {
        HostKey key = TestKey.generate(type).toHostKey();
        assertThat(key.isCanonical()).isTrue();
        assertThat(HostKey.ofBlob(Arrays.copyOf(key.blob(), key.blob().length + 1))
                        .isCanonical())
                .isFalse();
    }

    @Test
    void aNumberWithLeadingZerosIsNotCanonical() {
        byte[] type = {0, 0, 0, 7, 's', 's', 'h', '-', 'r', 's', 'a'};
        assertThat(HostKey.ofBlob(join(type, 0, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0x81))
                        .isCanonical())
                .isTrue();
        assertThat(HostKey.ofBlob(join(type, 0, 0, 0, 2, 0, 3, 0, 0, 0, 2, 0, 0x81))
                        .isCanonical())
                .isFalse();
        assertThat(HostKey.ofBlob(join(type, 0, 0, 0, 1, 3, 0, 0, 0, 1, 0x81)).isCanonical())
                .isFalse();
    }

    private static byte[] join(byte[] head, int... tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        for (int i = 0; i < tail.length; i++) {
            all[head.length + i] = (byte) tail[i];
        }
        return all;
    }
}
