package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Puts a {@link HostKeyPolicy} where JSch expects its known_hosts, for one handshake. The policy says yes or no; JSch
 * never adds or removes a key. The verdict is kept, because JSch's exception does not carry the key.
 *
 * <p>Written by the connecting thread; after the handshake only read.
 */
final class JschHostKeys implements HostKeyRepository {

    private static final String CERTIFICATE = "-cert-v01@openssh.com";

    private static final HostKeyVerdict.Refused NOT_CANONICAL = new HostKeyVerdict.Refused(
            HostKeyVerdict.Cause.UNKNOWN, "The key is not encoded as its type demands, so it cannot be compared.");

    private final Endpoint endpoint;
    private final HostKeyPolicy policy;

    private volatile Stage stage = Stage.BANNER;
    private volatile HostKey offered;
    private volatile HostKeyVerdict verdict;

    JschHostKeys(Endpoint endpoint, HostKeyPolicy policy) {
        this.endpoint = endpoint;
        this.policy = policy;
    }

    /**
     * How far the handshake has come, told by what JSch asks: for the known keys right after the server's identification
     * line, for a verdict at the end of the key exchange; then it logs in.
     */
    Stage stage() {
        return stage;
    }

    /** The key that the server has proved to hold; null before the key exchange is done. */
    HostKey offered() {
        return offered;
    }

    /** Why the handshake ended, if the policy ended it. */
    Optional<HostKeyVerdict.Refused> refusal() {
        return verdict instanceof HostKeyVerdict.Refused refused ? Optional.of(refused) : Optional.empty();
    }

    /**
     * The {@code server_host_key} proposal (RFC 4253 section 7.1): algorithms for the known key types come first. Host
     * certificates are left out, because a policy judges keys; a server that has a certificate has its plain key too.
     *
     * @param algorithms JSch's own proposal, comma separated
     */
    String proposal(String algorithms) {
        List<String> known = policy.knownKeyTypes(endpoint);
        List<String> proposed = new ArrayList<>(Arrays.asList(algorithms.split(",")));
        proposed.removeIf(algorithm -> algorithm.endsWith(CERTIFICATE));
        // The sort is stable: JSch's order within one key type, and among the types that are not known.
        proposed.sort(Comparator.comparingInt(algorithm -> {
            int index = known.indexOf(keyType(algorithm));
            return index < 0 ? known.size() : index;
        }));
        return String.join(",", proposed);
    }

    /** RSA keys sign by several algorithms (RFC 8332 section 3), but are of one type. */
    private static String keyType(String algorithm) {
        return algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
    }

    @Override
    public int check(String host, byte[] key) {
        stage = Stage.HOST_KEY;
        offered = HostKey.ofBlob(key);
        verdict = offered.isCanonical() ? policy.check(endpoint, offered) : NOT_CANONICAL;
        if (verdict instanceof Accepted) {
            stage = Stage.LOGIN;
            return OK;
        }
        return NOT_INCLUDED;
    }

    /** Called before the key exchange, with no type, to sort the proposal, and after it to look for revoked keys. */
    @Override
    public com.jcraft.jsch.HostKey[] getHostKey(String host, String type) {
        if (stage == Stage.BANNER) {
            stage = Stage.KEY_EXCHANGE;
        }
        return new com.jcraft.jsch.HostKey[0];
    }

    @Override
    public com.jcraft.jsch.HostKey[] getHostKey() {
        return new com.jcraft.jsch.HostKey[0];
    }

    @Override
    public void add(com.jcraft.jsch.HostKey hostkey, UserInfo ui) {
        throw new UnsupportedOperationException("host keys are the policy's matter");
    }

    @Override
    public void remove(String host, String type) {
        throw new UnsupportedOperationException("host keys are the policy's matter");
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        throw new UnsupportedOperationException("host keys are the policy's matter");
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return policy.id();
    }
}
