package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import io.jenkins.plugins.sshexec.core.model.HostProof;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts a {@link HostKeyPolicy} where JSch expects its known_hosts, for one handshake. The policy says yes or no; JSch
 * never adds or removes a key. The verdict is kept, because JSch's exception does not carry the key.
 *
 * <p>Written by the connecting thread; after the handshake only read.
 */
final class JschHostKeys implements HostKeyRepository {

    private static final HostKeyVerdict.Refused NOT_CANONICAL = new HostKeyVerdict.Refused(
            HostKeyVerdict.Cause.UNKNOWN, "The key is not encoded as its type demands, so it cannot be compared.");

    private static final String CERT_AUTHORITY = "@cert-authority";
    private static final String REVOKED = "@revoked";

    private final Endpoint endpoint;
    private final HostKeyPolicy policy;
    private final CertificateTrust trust;
    private final JschLog log;

    private volatile Stage stage = Stage.BANNER;
    private volatile HostKey offered;
    private volatile HostKeyVerdict verdict;
    private volatile boolean certificateShown;

    JschHostKeys(Endpoint endpoint, HostKeyPolicy policy, JschLog log) {
        this.endpoint = endpoint;
        this.policy = policy;
        this.trust = policy.certificateTrust(endpoint);
        this.log = log;
    }

    /**
     * How far the handshake has come, told by what JSch asks: for the known keys right after the server's identification
     * line, for a verdict or for all authorities at the end of the key exchange; then it logs in.
     */
    Stage stage() {
        return certificateShown && log.hasTakenKeys() ? Stage.LOGIN : stage;
    }

    /** Whether the handshake ended with a certificate that is not good; for a handshake that has failed. */
    boolean isCertificateRefused() {
        return certificateShown && !log.hasTakenKeys();
    }

    /**
     * By what the server has proved who it is; for the end of the handshake.
     *
     * @param algorithm that was agreed on for the host key
     */
    HostProof proof(String algorithm) {
        return offered == null ? new HostProof.Certificate(algorithm, trust) : new HostProof.Key(offered);
    }

    /** The key that the server has proved to hold; null before the key exchange is done, and with a certificate. */
    HostKey offered() {
        return offered;
    }

    /** Why the handshake ended, if the policy ended it. */
    Optional<HostKeyVerdict.Refused> refusal() {
        return verdict instanceof HostKeyVerdict.Refused refused ? Optional.of(refused) : Optional.empty();
    }

    /**
     * The {@code server_host_key} proposal (RFC 4253 section 7.1). Certificates come first where the policy knows of an
     * authority, and are left out where not; a server that has a certificate has its plain key too. Then come the
     * algorithms for the known key types.
     *
     * @param algorithms JSch's own proposal, comma separated
     */
    String proposal(String algorithms) {
        List<String> known = policy.knownKeyTypes(endpoint);
        List<String> proposed = new ArrayList<>(CertificateAlgorithms.before(List.of(algorithms.split(","))));
        if (!trust.hasAuthorities()) {
            proposed.removeIf(CertificateAlgorithms::contains);
        }
        // The sort is stable: JSch's order within one key type, and among the types that are not known.
        proposed.sort(Comparator.comparingInt(algorithm -> {
            int index = known.indexOf(keyType(algorithm));
            return CertificateAlgorithms.contains(algorithm) ? -1 : index < 0 ? known.size() : index;
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

    /**
     * What JSch judges a certificate by. Called when it has one, and for nothing else. JSch then checks the certificate's
     * type, authority, signature, validity, principals and critical options, and says nothing more where all is well.
     */
    @Override
    public com.jcraft.jsch.HostKey[] getHostKey() {
        stage = Stage.HOST_KEY;
        certificateShown = true;
        return Stream.concat(
                        trust.authorities().stream().map(key -> entry(CERT_AUTHORITY, key)),
                        trust.revoked().stream().map(key -> entry(REVOKED, key)))
                .toArray(com.jcraft.jsch.HostKey[]::new);
    }

    /** Under the name by which JSch looks it up; the policy has seen to it that it is about this server. */
    private com.jcraft.jsch.HostKey entry(String marker, HostKey key) {
        try {
            // The type is for the sorting of the proposal, which is done elsewhere.
            return new com.jcraft.jsch.HostKey(
                    marker, endpoint.knownHostsName(), com.jcraft.jsch.HostKey.UNKNOWN, key.blob(), null);
        } catch (JSchException e) {
            throw new IllegalStateException("JSch looks into a key only to guess its type", e);
        }
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
