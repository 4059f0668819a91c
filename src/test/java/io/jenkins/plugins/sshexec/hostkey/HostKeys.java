package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Host keys put together by hand, where nobody has to prove that he holds the private half. */
final class HostKeys {

    private static final int ED25519_BYTES = 32;

    private HostKeys() {}

    /** Different keys for different seeds. */
    static HostKey ed25519(int seed) {
        return ofType("ssh-ed25519", seed);
    }

    static HostKey ofType(String type, int seed) {
        byte[] key = new byte[ED25519_BYTES];
        Arrays.fill(key, (byte) seed);
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        return HostKey.ofBlob(ByteBuffer.allocate(2 * Integer.BYTES + name.length + key.length)
                .putInt(name.length)
                .put(name)
                .putInt(key.length)
                .put(key)
                .array());
    }

    /** The known_hosts line of {@code key} for {@code hostnames}. */
    static String line(String hostnames, HostKey key) {
        return KnownHostsLine.format(hostnames, key);
    }

    static Endpoint host(String name) {
        return new Endpoint(name, Endpoint.DEFAULT_PORT);
    }
}
