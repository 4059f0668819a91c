package io.jenkins.plugins.sshexec.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import java.util.Arrays;
import java.util.List;

/** Masks for tests. */
final class SecretMasks {

    private SecretMasks() {}

    /** Finds nothing. */
    static SecretMask none() {
        return SecretMask.of(List.of(), UTF_8);
    }

    static SecretMask of(String password) {
        return SecretMask.of(List.of(new PasswordLogin("deploy", SecretBytes.of(password))), UTF_8);
    }

    /** The passphrases are the secrets; there is no key that would be masked. */
    static SecretMask ofAll(String... secrets) {
        List<PrivateKey> keys = Arrays.stream(secrets)
                .map(secret -> new PrivateKey(SecretBytes.of("none"), SecretBytes.of(secret)))
                .toList();
        return SecretMask.of(List.of(new KeyLogin("deploy", keys)), UTF_8);
    }
}
