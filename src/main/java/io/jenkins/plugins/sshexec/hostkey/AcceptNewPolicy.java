package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Trusts the key that a server shows at the first contact, writes it down, and from then on decides as {@link
 * KnownHostsPolicy} does, like {@code StrictHostKeyChecking=accept-new} in ssh_config(5).
 */
final class AcceptNewPolicy implements HostKeyPolicy {

    private static final Logger LOGGER = Logger.getLogger(AcceptNewPolicy.class.getName());

    /** Held from reading the file to replacing it, so that two first contacts at once lose neither key. */
    private static final Object WRITING = new Object();

    private final Path file;
    private final KnownHostsPolicy known;

    AcceptNewPolicy(Path file) {
        this.file = file;
        this.known = KnownHostsPolicy.ofFiles(List.of(file));
    }

    @Override
    public String id() {
        return "accept-new:" + file;
    }

    @Override
    public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
        synchronized (WRITING) {
            HostKeyVerdict verdict = known.check(endpoint, offered);
            if (!(verdict instanceof Refused refused) || refused.cause() != Cause.UNKNOWN) {
                return verdict;
            }
            try {
                KnownHosts hosts = known.read(endpoint);
                if (!hosts.authorityLines().isEmpty()) {
                    return verdict; // else whoever leaves the certificate away would get around the authority
                }
                List<String> unreadable = hosts.unreadableLines();
                if (!unreadable.isEmpty()) {
                    // Perhaps one of them knew another key of this server.
                    String places = String.join(", ", unreadable);
                    return new Refused(Cause.UNREADABLE, Messages.AcceptNewPolicy_unreadableLines(places));
                }
                add(KnownHostsLine.format(endpoint.knownHostsName(), offered));
            } catch (IOException e) {
                return new Refused(Cause.UNREADABLE, Messages.AcceptNewPolicy_unwritable(file, e));
            }
        }
        LOGGER.log(Level.INFO, "Trusted the host key of {0} at first contact: {1}", new Object[] {endpoint, offered});
        return new Accepted();
    }

    private void add(String line) throws IOException {
        byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        String separator = before.length == 0 || before[before.length - 1] == '\n' ? "" : "\n";
        byte[] more = (separator + line + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] after = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, after, before.length, more.length);
        StoredFile.replace(file, after);
    }

    @Override
    public List<String> knownKeyTypes(Endpoint endpoint) {
        return known.knownKeyTypes(endpoint);
    }

    @Override
    public CertificateTrust certificateTrust(Endpoint endpoint) {
        return known.certificateTrust(endpoint);
    }
}
