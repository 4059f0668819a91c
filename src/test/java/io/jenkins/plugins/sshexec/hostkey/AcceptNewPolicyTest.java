package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.hostkey.HostKeys.host;
import static io.jenkins.plugins.sshexec.hostkey.HostKeys.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptNewPolicyTest {

    private static final int THREADS = 8;
    private static final Endpoint WEB1 = host("web1");
    private static final HostKey KEY = HostKeys.ed25519(1);
    private static final HostKey OTHER_KEY = HostKeys.ed25519(2);

    @TempDir
    private Path home;

    private Path directory;
    private Path file;
    private AcceptNewPolicy policy;

    @BeforeEach
    void create() {
        directory = home.resolve("ssh-exec");
        file = directory.resolve("known_hosts");
        policy = new AcceptNewPolicy(file);
    }

    @Test
    void firstContactIsWrittenDown() {
        assertAccepted(policy.check(WEB1, KEY));
        assertAccepted(policy.check(new Endpoint("2001:db8::1", 2222), OTHER_KEY));
        assertThat(file).content().isEqualTo(line("web1", KEY) + "\n" + line("[2001:db8::1]:2222", OTHER_KEY) + "\n");
        assertThat(directory).isDirectoryNotContaining(entry -> !entry.equals(file));
    }

    @Test
    void secondContactIsAcceptedAndWritesNothing() {
        policy.check(WEB1, KEY);
        assertAccepted(policy.check(WEB1, KEY));
        assertAccepted(new AcceptNewPolicy(file).check(WEB1, KEY));
        assertThat(file).content().isEqualTo(line("web1", KEY) + "\n");
    }

    @Test
    void changedKeyIsRefusedAndNotWrittenDown() {
        policy.check(WEB1, KEY);
        HostKeyVerdict verdict = policy.check(WEB1, OTHER_KEY);
        assertThat(refused(verdict, Cause.CHANGED)).contains(KEY.fingerprint(), file + ":1");
        assertThat(file).content().isEqualTo(line("web1", KEY) + "\n");
    }

    @Test
    void keyOfAnotherTypeIsRefusedOnceOneIsKnown() {
        policy.check(WEB1, KEY);
        refused(policy.check(WEB1, HostKeys.ofType("ecdsa-sha2-nistp256", 1)), Cause.CHANGED);
        assertThat(policy.knownKeyTypes(WEB1)).containsExactly("ssh-ed25519");
        assertThat(policy.knownKeyTypes(host("web2"))).isEmpty();
    }

    @Test
    void revokedKeyIsRefusedAtFirstContact() throws IOException {
        Files.createDirectory(directory);
        Files.writeString(file, "@revoked " + line("*", KEY) + "\n");
        refused(policy.check(WEB1, KEY), Cause.REVOKED);
        assertThat(file).content().isEqualTo("@revoked " + line("*", KEY) + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"# made by hand", "# made by hand\n", "# made by hand\r\n", "# caf\u00e9\r\n\r\n# end", "\n"})
    void whatStoodInTheFileStays(String before) throws IOException {
        Files.createDirectory(directory);
        Files.write(file, before.getBytes(StandardCharsets.ISO_8859_1));
        assertAccepted(policy.check(WEB1, KEY));
        String separator = before.endsWith("\n") ? "" : "\n";
        assertThat(file)
                .hasBinaryContent(
                        (before + separator + line("web1", KEY) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        assertAccepted(policy.check(WEB1, KEY));
    }

    /** Every build's handshake may be the first with its host, and a settings change makes a new policy for the same file. */
    @Test
    @Timeout(60)
    void firstContactsAtTheSameTimeLoseNoKey() throws Exception {
        int hostsEach = 25;
        List<Callable<List<HostKeyVerdict>>> tasks = new ArrayList<>();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            AcceptNewPolicy own = new AcceptNewPolicy(file);
            int first = thread * hostsEach;
            tasks.add(() -> {
                start.await();
                return IntStream.range(first, first + hostsEach)
                        .mapToObj(i -> own.check(host("web" + i), HostKeys.ed25519(i)))
                        .toList();
            });
        }
        assertThat(atOnce(tasks)).allSatisfy(verdicts -> assertThat(verdicts).containsOnly(new Accepted()));
        assertThat(Files.readAllLines(file)).hasSize(THREADS * hostsEach);
        KnownHostsPolicy strict = KnownHostsPolicy.ofFiles(List.of(file));
        assertThat(IntStream.range(0, THREADS * hostsEach))
                .allSatisfy(i -> assertAccepted(strict.check(host("web" + i), HostKeys.ed25519(i))));
        assertThat(directory).isDirectoryNotContaining(entry -> !entry.equals(file));
    }

    @Test
    @Timeout(60)
    void ofFirstContactsWithOneHostAtTheSameTimeOneKeyIsTrusted() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<HostKeyVerdict>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            HostKey key = HostKeys.ed25519(thread);
            tasks.add(() -> {
                start.await();
                return policy.check(WEB1, key);
            });
        }
        List<HostKeyVerdict> verdicts = atOnce(tasks);
        assertThat(verdicts).filteredOn(Accepted.class::isInstance).hasSize(1);
        assertThat(verdicts)
                .filteredOn(Refused.class::isInstance)
                .hasSize(THREADS - 1)
                .allSatisfy(verdict -> refused(verdict, Cause.CHANGED));
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    @Timeout(60)
    void readersSeeAWholeFileWhileItIsWritten() throws Exception {
        policy.check(WEB1, KEY);
        KnownHostsPolicy reader = KnownHostsPolicy.ofFiles(List.of(file));
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = writer.submit(() ->
                    IntStream.rangeClosed(2, 200).forEach(i -> policy.check(host("web" + i), HostKeys.ed25519(i))));
            do {
                assertAccepted(reader.check(WEB1, KEY));
            } while (!writing.isDone());
            writing.get();
        } finally {
            writer.shutdownNow();
        }
        assertAccepted(reader.check(host("web200"), HostKeys.ed25519(200)));
    }

    @Test
    void keyThatCannotBeWrittenDownIsRefused() throws IOException {
        Files.createSymbolicLink(directory, home.resolve("missing"));
        assertThat(refused(policy.check(WEB1, KEY), Cause.UNREADABLE)).contains(file.toString(), "writable");
        refused(policy.check(WEB1, KEY), Cause.UNREADABLE);
        assertThat(file).doesNotExist();
    }

    @Test
    void fileThatCannotBeReadRefusesAndStays() throws IOException {
        Path inside = Files.createDirectories(file).resolve("something");
        Files.createFile(inside);
        refused(policy.check(WEB1, KEY), Cause.UNREADABLE);
        assertThat(inside).exists();
    }

    @Test
    void directoryMayBeASymbolicLink() throws IOException {
        Files.createSymbolicLink(directory, Files.createDirectory(home.resolve("elsewhere")));
        assertAccepted(policy.check(WEB1, KEY));
        assertAccepted(policy.check(WEB1, KEY));
        assertThat(home.resolve("elsewhere/known_hosts")).content().isEqualTo(line("web1", KEY) + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b\u00fccher.example", "\u65e5\u672c.example"})
    void hostNameMayHaveAnyLetter(String name) throws IOException {
        assertAccepted(policy.check(host(name), KEY));
        assertThat(file).content(StandardCharsets.UTF_8).isEqualTo(line(name, KEY) + "\n");
        assertAccepted(policy.check(host(name), KEY));
    }

    @Test
    void idDiffersFromThatOfTheStrictPolicyForTheFile() {
        assertThat(policy.id())
                .isEqualTo(new AcceptNewPolicy(file).id())
                .isNotEqualTo(new AcceptNewPolicy(home.resolve("known_hosts")).id())
                .isNotEqualTo(KnownHostsPolicy.ofFiles(List.of(file)).id());
    }

    @Test
    void writtenLinesAreThoseOfOpenSsh() throws IOException {
        SshKeygen.assumeInstalled();
        HostKey real = TestKey.generate(Type.ECDSA).toHostKey();
        policy.check(WEB1, real);
        policy.check(new Endpoint("2001:db8::1", 2222), real);
        assertThat(SshKeygen.finds("web1", file)).isTrue();
        assertThat(SshKeygen.finds("[2001:db8::1]:2222", file)).isTrue();
        assertThat(SshKeygen.finds("web2", file)).isFalse();
        SshKeygen.hash(file);
        assertAccepted(policy.check(WEB1, real));
        assertAccepted(policy.check(host("web2"), real));
        assertThat(SshKeygen.finds("web1", file)).isTrue();
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertAccepted(HostKeyVerdict verdict) {
        assertThat(verdict).isEqualTo(new Accepted());
    }

    /** Checks that the key is refused for this cause, and returns the advice. */
    private static String refused(HostKeyVerdict verdict, Cause cause) {
        assertThat(verdict).isInstanceOf(Refused.class);
        Refused refused = (Refused) verdict;
        assertThat(refused.cause()).isEqualTo(cause);
        return refused.advice();
    }

    @Test
    void hostThatHasAnAuthorityIsNotTrustedByAKeyAlone() throws IOException {
        Files.createDirectory(directory);
        String before = "@cert-authority web1 " + line("", OTHER_KEY).strip() + "\n";
        Files.writeString(file, before);
        assertThat(refused(policy.check(WEB1, KEY), Cause.UNKNOWN)).contains("@cert-authority", file + ":1");
        assertThat(file).content().isEqualTo(before);
        assertAccepted(policy.check(host("web2"), KEY));
    }

    @Test
    void aDamagedLineTrustsNobodyNew() throws IOException {
        policy.check(WEB1, KEY);
        String damaged = line("web1", KEY).substring(0, 22);
        Files.writeString(file, damaged + "\n");
        HostKeyVerdict verdict = policy.check(WEB1, OTHER_KEY);
        assertThat(refused(verdict, Cause.UNREADABLE)).contains(file + ":1");
        assertThat(file).content().isEqualTo(damaged + "\n");
    }
}
