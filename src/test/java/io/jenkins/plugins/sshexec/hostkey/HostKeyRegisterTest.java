package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.hostkey.HostKeys.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.hostkey.HostKeyRegister.DamagedException;
import io.jenkins.plugins.sshexec.hostkey.HostKeyRegister.OutdatedException;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.Action;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.Event;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostKeyRegisterTest {

    private static final Instant NOW = Instant.parse("2026-11-24T21:00:00Z");
    private static final HostKey KEY = HostKeys.ed25519(1);
    private static final HostKey OTHER_KEY = HostKeys.ed25519(2);
    private static final String ADMIN = "ad min@example.org";

    @TempDir
    private Path home;

    private Path file;
    private HostKeyRegister register;

    @BeforeEach
    void create() {
        file = home.resolve("ssh-exec/approved_known_hosts");
        register = new HostKeyRegister(file, Clock.fixed(NOW.plusMillis(7), ZoneOffset.UTC));
    }

    @Test
    void aKeyThatIsSeenWaitsWithTimeAndJobAndIsNotInForce() throws IOException {
        assertThat(register.see("web1", KEY, "team a/deploy \u00fc")).isTrue();
        RegisteredKey key = only();
        assertThat(key.state()).isEqualTo(State.WAITING);
        assertThat(key.history()).containsExactly(new Event(Action.SEEN, NOW, "team a/deploy \u00fc"));
        assertThat(inForce()).isEmpty();
    }

    @Test
    void firstSightStaysTheFirst() throws IOException {
        register.see("web1", KEY, "first");
        String before = Files.readString(file);
        assertThat(register.see("web1", KEY, "second")).isTrue();
        assertThat(file).content().isEqualTo(before);
    }

    @Test
    void decisionsAreKeptWithTimeAndUserOverARestart() throws Exception {
        register.see("web1", KEY, "job");
        register.approve("web1", KEY, Set.of(), ADMIN);
        register.reject("web1", KEY, "eve");
        register.approve("web1", KEY, Set.of(), ADMIN);
        register = new HostKeyRegister(file, Clock.systemUTC());
        assertThat(only().state()).isEqualTo(State.APPROVED);
        assertThat(only().history())
                .containsExactly(
                        new Event(Action.SEEN, NOW, "job"),
                        new Event(Action.APPROVED, NOW, ADMIN),
                        new Event(Action.REJECTED, NOW, "eve"),
                        new Event(Action.APPROVED, NOW, ADMIN));
    }

    @Test
    void fileIsAKnownHostsFileOfOpenSshThatSaysTheSame() throws Exception {
        SshKeygen.assumeInstalled();
        register.see("web1", KEY, "job");
        register.see("web2", KEY, "job");
        register.see("web3", KEY, "job");
        register.approve("web2", KEY, Set.of(), ADMIN);
        register.reject("web3", KEY, ADMIN);
        assertThat(SshKeygen.finds("web1", file)).isFalse();
        assertThat(SshKeygen.finds("web2", file)).isTrue();
        assertThat(inForce()).containsExactly("web2 " + KEY, "web3 @revoked " + KEY);
    }

    @Test
    void approvingInPlaceOfAnotherKeyReplacesThat() throws Exception {
        register.see("web1", KEY, "job");
        register.approve("web1", KEY, Set.of(), ADMIN);
        register.see("web1", OTHER_KEY, "job");
        register.see("web2", KEY, "job");
        register.approve("web2", KEY, Set.of(), ADMIN);
        register.approve("web1", OTHER_KEY, Set.of(KEY.fingerprint()), ADMIN);
        assertThat(inForce()).containsExactlyInAnyOrder("web1 " + OTHER_KEY, "web2 " + KEY);
        assertThat(register.find("web1", KEY).orElseThrow().last(Action.REPLACED))
                .contains(new Event(Action.REPLACED, NOW, ADMIN));
    }

    /** Two administrators at two browsers must not undo each other unseen. */
    @Test
    void decisionThatRestsOnAnOldPageIsRefused() throws Exception {
        register.see("web1", KEY, "job");
        register.see("web1", OTHER_KEY, "job");
        register.approve("web1", KEY, Set.of(), ADMIN);
        String before = Files.readString(file);
        assertThatThrownBy(() -> register.approve("web1", OTHER_KEY, Set.of(), ADMIN))
                .isInstanceOf(OutdatedException.class)
                .hasMessageContaining("web1");
        assertThatThrownBy(() -> register.approve("web1", OTHER_KEY, Set.of(OTHER_KEY.fingerprint()), ADMIN))
                .isInstanceOf(OutdatedException.class);
        assertThatThrownBy(() -> register.reject("web3", KEY, ADMIN))
                .isInstanceOf(OutdatedException.class)
                .hasMessageContaining("web3");
        assertThat(file).content().isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#waiting web1 ssh-ed25519 AAAA",
                "#waiting",
                "#replaced garbage",
                "web1 ssh-ed25519 AAAA",
                "@revoked web1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
                "@rev web1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"
            })
    void whileALineIsDamagedNothingIsWrittenAndTheLineIsNamed(String damaged) throws Exception {
        Files.createDirectories(file.getParent());
        String text = "# by hand\n" + line("web9", KEY) + "\n" + damaged + "\n";
        Files.writeString(file, text);
        assertThatThrownBy(() -> register.see("web1", KEY, "job"))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(file + ":3");
        assertThatThrownBy(() -> register.reject("web9", KEY, ADMIN)).isInstanceOf(DamagedException.class);
        assertThat(register.damagedLines()).containsExactly(file + ":3");
        assertThat(only().hostname()).isEqualTo("web9");
        assertThat(file).content().isEqualTo(text);
    }

    @Test
    void lineTornAnywhereInItsKeyOrHistoryIsFoundOrTellsLess() throws IOException {
        register.see("web1", KEY, "job");
        String whole = Files.readString(file).lines().skip(1).findFirst().orElseThrow();
        int history = whole.indexOf(" seen@");
        for (int length = "#waiting".length(); length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            if (length < history - 1) { // the last character is padding
                assertThat(register.damagedLines())
                        .as(whole.substring(0, length))
                        .hasSize(1);
            } else if (register.damagedLines().isEmpty()) {
                assertThat(only().key()).as(whole.substring(0, length)).isEqualTo(KEY);
            }
        }
    }

    @Test
    void whatSomebodyWroteByHandStays() throws Exception {
        Files.createDirectories(file.getParent());
        byte[] text = ("# caf\u00e9\r\n\n@cert-authority *.example.org "
                        + line("", KEY).strip() + "\n*.example.org,!db "
                        + line("", OTHER_KEY).strip() + " a comment of mine\n\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, text);
        register.see("web1", KEY, "job");
        assertThat(Files.readAllBytes(file)).startsWith(text);
        register.reject("*.example.org,!db", OTHER_KEY, ADMIN);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .startsWith("# caf\u00e9\r\n\n@cert-authority *.example.org ")
                .contains("\n@revoked *.example.org,!db " + line("", OTHER_KEY).strip()
                        + " a comment of mine rejected@2026-11-24T21:00:00Z@ad+min%40example.org\n\n");
    }

    @Test
    @Timeout(60)
    void firstContactsAtTheSameTimeLoseNoKey() throws Exception {
        int threads = 8;
        int hostsEach = 20;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * hostsEach;
            tasks.add(() -> {
                start.await();
                for (int i = first; i < first + hostsEach; i++) {
                    register.see("web" + i, HostKeys.ed25519(i), "job");
                    register.see("everybody", KEY, "job");
                }
                return null;
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> future : pool.invokeAll(tasks)) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(register.keys()).hasSize(threads * hostsEach + 1);
        assertThat(file.getParent()).isDirectoryNotContaining(entry -> !entry.equals(file));
    }

    @Test
    void noMoreKeysWaitThanSomebodyCanLookAt() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                IntStream.range(0, HostKeyRegister.MAX_WAITING)
                        .mapToObj(i ->
                                RegisteredKey.seen("web" + i, KEY, NOW, "job").text())
                        .toList());
        assertThat(register.see("another", KEY, "job")).isFalse();
        assertThat(register.see("web1", KEY, "job")).isTrue();
        assertThat(register.keys()).hasSize(HostKeyRegister.MAX_WAITING);
    }

    private RegisteredKey only() throws IOException {
        assertThat(register.keys()).hasSize(1);
        return register.keys().get(0);
    }

    /** What the policy reads, which takes the file for a known_hosts file. */
    private List<String> inForce() throws IOException {
        return new KnownHostsFile(file)
                .entries().stream()
                        .map(entry -> entry.line().orElseThrow())
                        .map(line -> (line.hostnames() + " " + line.marker().word()).strip() + " " + line.key())
                        .toList();
    }
}
