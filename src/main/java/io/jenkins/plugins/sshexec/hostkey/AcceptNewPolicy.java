package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
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
    private final Path directory;
    private final KnownHostsPolicy known;

    AcceptNewPolicy(Path file) {
        this.file = file;
        this.directory = Objects.requireNonNull(file.getParent(), "The file must be in a directory.");
        this.known = new KnownHostsPolicy(List.of(file));
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
                List<String> unreadable =
                        KnownHosts.read(List.of(file), endpoint).unreadableLines();
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

    /** Replaces the file by a copy with one line more, so that a crash leaves the old file or the new one. */
    private void add(String line) throws IOException {
        Files.createDirectories(directory);
        byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        String separator = before.length == 0 || before[before.length - 1] == '\n' ? "" : "\n";
        Path next = Files.createTempFile(directory, "known_hosts", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                out.write(before);
                out.write((separator + line + "\n").getBytes(StandardCharsets.UTF_8));
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    @Override
    public List<String> knownKeyTypes(Endpoint endpoint) {
        return known.knownKeyTypes(endpoint);
    }
}
