package io.jenkins.plugins.sshexec.hostkey;

import static io.jenkins.plugins.sshexec.hostkey.HostKeys.host;
import static io.jenkins.plugins.sshexec.hostkey.HostKeys.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsPolicyTest {

    private static final Endpoint WEB1 = host("web1");
    private static final HostKey KEY = HostKeys.ed25519(1);
    private static final HostKey OTHER_KEY = HostKeys.ed25519(2);
    private static final HostKey ECDSA_KEY = HostKeys.ofType("ecdsa-sha2-nistp256", 3);

    @TempDir
    private Path directory;

    private Path file;
    private KnownHostsPolicy policy;

    @BeforeEach
    void create() {
        file = directory.resolve("known_hosts");
        policy = KnownHostsPolicy.ofFiles(List.of(file));
    }

    @ParameterizedTest
    @CsvSource({"web1, 22", "web1, 2222", "2001:db8::1, 22", "2001:db8::1, 2222"})
    void addingTheLineOfTheAdviceMakesTheKeyAccepted(String name, int port) throws IOException {
        Endpoint endpoint = new Endpoint(name, port);
        String line = line(endpoint.knownHostsName(), KEY);
        assertRefused(policy.check(endpoint, KEY), Cause.UNKNOWN)
                .contains("to " + file + " ")
                .endsWith(" " + line);
        known(line);
        assertAccepted(policy.check(endpoint, KEY));
    }

    @Test
    void anEditCountsAtOnce() throws IOException {
        known(line("web1", KEY));
        assertAccepted(policy.check(WEB1, KEY));
        known(line("web1", OTHER_KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.CHANGED);
        Files.delete(file);
        assertRefused(policy.check(WEB1, KEY), Cause.UNKNOWN);
    }

    @Test
    void anotherHostsKeyIsUnknown() throws IOException {
        known(line("web2", KEY), line("[web1]:2222", KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.UNKNOWN);
    }

    @Test
    void changedKeyIsRefusedWithTheListedOnesAndTheirPlaces() throws IOException {
        known("# keys", line("web1", OTHER_KEY), line("web2", KEY), line("web*", ECDSA_KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.CHANGED)
                .contains(OTHER_KEY.fingerprint(), ECDSA_KEY.fingerprint(), file + ":2", file + ":4")
                .doesNotContain(file + ":3");
    }

    @Test
    void keyOfATypeThatIsNotListedCountsAsChanged() throws IOException {
        known(line("web1", ECDSA_KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.CHANGED)
                .contains(ECDSA_KEY.type() + " " + ECDSA_KEY.fingerprint(), file + ":1");
    }

    @Test
    void eachOfSeveralKeysIsAcceptedAndTheirTypesAreKnownInOrder() throws IOException {
        known(
                line("web1", ECDSA_KEY),
                line("*", KEY),
                line("web1", OTHER_KEY),
                line("web2", HostKeys.ofType("ssh-rsa", 4)));
        assertThat(List.of(KEY, OTHER_KEY, ECDSA_KEY)).allSatisfy(key -> assertAccepted(policy.check(WEB1, key)));
        assertThat(policy.knownKeyTypes(WEB1)).containsExactly("ecdsa-sha2-nistp256", "ssh-ed25519");
    }

    @Test
    void revokedKeyIsRefusedWhereverElseItIsListed() throws IOException {
        Path second = Files.writeString(directory.resolve("second"), "@revoked * " + typeAndKey(KEY) + "\n");
        KnownHostsPolicy both = KnownHostsPolicy.ofFiles(List.of(file, second));
        known(line("web1", KEY), line("web1", OTHER_KEY));
        assertRefused(both.check(WEB1, KEY), Cause.REVOKED).contains("@revoked");
        assertAccepted(both.check(WEB1, OTHER_KEY));
    }

    @Test
    void keyRevokedForAnotherHostIsAccepted() throws IOException {
        known("@revoked web2 " + typeAndKey(KEY), line("web1", KEY));
        assertAccepted(policy.check(WEB1, KEY));
        assertRefused(policy.check(host("web2"), KEY), Cause.REVOKED);
    }

    @Test
    void revokedLineMakesNoOtherKeyKnown() throws IOException {
        known("@revoked web1 " + typeAndKey(OTHER_KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.UNKNOWN);
        assertThat(policy.knownKeyTypes(WEB1)).isEmpty();
    }

    @Test
    void certificateAuthorityIsNoHostKeyAndItsLineIsNamed() throws IOException {
        known("", "@cert-authority *.example.org,web1 " + typeAndKey(KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.UNKNOWN).contains(file + ":2", "@cert-authority");
        assertThat(policy.knownKeyTypes(WEB1)).isEmpty();
        known("@cert-authority web1 " + typeAndKey(OTHER_KEY), line("web1", KEY));
        assertAccepted(policy.check(WEB1, KEY));
    }

    @Test
    void commentsBlankLinesAndForeignBytesArePassedOver() throws IOException {
        String text = "# web1 caf\u00e9\n\n   \t\n  # indented\n" + line("web1", KEY) + " caf\u00e9\n";
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        assertAccepted(policy.check(WEB1, KEY));
        assertRefused(policy.check(host("web2"), KEY), Cause.UNKNOWN).doesNotContain(file + ":");
    }

    @Test
    void fileMayHaveLineEndsOfWindowsAndNoneAtItsEnd() throws IOException {
        Files.writeString(file, "# keys\r\n\r\n" + line("web1", KEY) + "\r\n" + line("web2", OTHER_KEY));
        assertAccepted(policy.check(WEB1, KEY));
        assertAccepted(policy.check(host("web2"), OTHER_KEY));
        assertRefused(policy.check(WEB1, OTHER_KEY), Cause.CHANGED).contains(file + ":3");
    }

    @Test
    void unreadableLinesAreNamedAndHideNoOther() throws IOException {
        known(
                "garbage",
                line("web2", KEY),
                "web1 ssh-rsa " + typeAndKey(KEY).split(" ")[1],
                "|1|x|y " + typeAndKey(KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.UNKNOWN)
                .contains(line("web1", KEY))
                .contains(file + ":1, " + file + ":3, " + file + ":4")
                .doesNotContain(file + ":2");
        assertAccepted(policy.check(host("web2"), KEY));
    }

    @Test
    void lastLineTornAnywhereAcceptsNothingAndIsNamed() throws IOException {
        String whole = line("web1", KEY);
        for (int length = 1; length < whole.length(); length++) {
            Files.writeString(file, line("web2", KEY) + "\n" + whole.substring(0, length));
            String torn = whole.substring(0, length);
            assertThat(policy.check(WEB1, KEY))
                    .as(torn)
                    .asInstanceOf(type(Refused.class))
                    .extracting(Refused::advice)
                    .asString()
                    .contains(file + ":2");
        }
    }

    @Test
    void allFilesCountAndTheFirstIsTheOneToEdit() throws IOException {
        Path global = directory.resolve("ssh_known_hosts");
        KnownHostsPolicy both = KnownHostsPolicy.ofFiles(List.of(file, global));
        assertRefused(both.check(WEB1, KEY), Cause.UNKNOWN)
                .contains(file.toString())
                .doesNotContain(global.toString());
        Files.writeString(global, line("web1", KEY) + "\n");
        assertAccepted(both.check(WEB1, KEY));
        assertRefused(both.check(WEB1, OTHER_KEY), Cause.CHANGED).contains(global + ":1");
    }

    @Test
    void pathIsQuotedAsItIs() throws IOException {
        Path odd =
                Files.createDirectory(directory.resolve("it's {0} {1,number}")).resolve("known_hosts");
        assertRefused(KnownHostsPolicy.ofFiles(List.of(odd)).check(WEB1, KEY), Cause.UNKNOWN)
                .contains(odd.toString());
    }

    @Test
    void fileThatCannotBeReadRefusesWhatTheOtherFilesList() throws IOException {
        known(line("web1", KEY));
        Path insideAFile = file.resolve("known_hosts");
        KnownHostsPolicy both = KnownHostsPolicy.ofFiles(List.of(file, insideAFile));
        assertRefused(both.check(WEB1, KEY), Cause.UNREADABLE).contains(insideAFile.toString());
        assertThat(both.knownKeyTypes(WEB1)).isEmpty();
    }

    @Test
    void directoryInPlaceOfTheFileIsUnreadable() throws IOException {
        Files.createDirectory(file);
        assertRefused(policy.check(WEB1, KEY), Cause.UNREADABLE);
    }

    @Test
    void fileThatCannotBeReadIsNamed() throws IOException {
        Files.createDirectory(file);
        assertRefused(policy.check(WEB1, KEY), Cause.UNREADABLE)
                .contains(file.toString())
                .doesNotContain("java.io");
    }

    /** Some file systems keep the time in steps of seconds, and keys of one type are of one length. */
    @Test
    void anEditThatLeavesTimeAndSizeOfTheFileCountsToo() throws IOException {
        FileTime now = FileTime.from(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        known(line("web1", KEY));
        Files.setLastModifiedTime(file, now);
        assertAccepted(policy.check(WEB1, KEY));
        known(line("web1", OTHER_KEY));
        Files.setLastModifiedTime(file, now);
        assertRefused(policy.check(WEB1, KEY), Cause.CHANGED);
    }

    @Test
    void revocationWithAMalformedHashIsLost() throws IOException {
        known("@revoked |1|x|y " + typeAndKey(OTHER_KEY), line("web1", KEY));
        assertRefused(policy.check(WEB1, KEY), Cause.UNREADABLE).contains(file + ":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b\u00fccher.example", "\u65e5\u672c.example"})
    void hostNameMayHaveAnyLetter(String name) throws IOException {
        assertRefused(policy.check(host(name), KEY), Cause.UNKNOWN).endsWith(line(name, KEY));
        known(line(name, KEY));
        assertAccepted(policy.check(host(name), KEY));
    }

    @Test
    void idTellsPoliciesOfDifferentFilesApart() {
        assertThat(policy.id())
                .isEqualTo(KnownHostsPolicy.ofFiles(List.of(file)).id())
                .isNotEqualTo(KnownHostsPolicy.ofFiles(List.of(directory)).id())
                .isNotEqualTo(KnownHostsPolicy.ofFiles(List.of(file, file)).id());
    }

    @Test
    void hashedFileOfOpenSshIsReadAndItsRemovalsCount() throws IOException {
        SshKeygen.assumeInstalled();
        HostKey real = TestKey.generate(Type.ED25519).toHostKey();
        known(line("web1", real), line("[web1]:2222", OTHER_KEY), "@revoked web3 " + typeAndKey(real));
        SshKeygen.hash(file);
        assertThat(file).content().contains("|1|").doesNotContain("web1");
        assertAccepted(policy.check(WEB1, real));
        assertAccepted(policy.check(new Endpoint("web1", 2222), OTHER_KEY));
        assertRefused(policy.check(host("web2"), real), Cause.UNKNOWN);
        assertRefused(policy.check(host("web3"), real), Cause.REVOKED);
        SshKeygen.remove("web1", file);
        assertRefused(policy.check(WEB1, real), Cause.UNKNOWN);
        assertAccepted(policy.check(new Endpoint("web1", 2222), OTHER_KEY));
    }

    private void known(String... lines) throws IOException {
        Files.write(file, List.of(lines));
    }

    private static String typeAndKey(HostKey key) {
        return line("", key).strip();
    }

    private static void assertAccepted(HostKeyVerdict verdict) {
        assertThat(verdict).isEqualTo(new Accepted());
    }

    private static AbstractStringAssert<?> assertRefused(HostKeyVerdict verdict, Cause cause) {
        assertThat(verdict).isInstanceOf(Refused.class);
        Refused refused = (Refused) verdict;
        assertThat(refused.cause()).isEqualTo(cause);
        return assertThat(refused.advice());
    }

    @Test
    void aRevocationThatCannotBeReadRefusesEveryKey() throws IOException {
        known(line("web1", KEY), "@revoked * ssh-ed25519 AAAA");
        assertRefused(policy.check(WEB1, KEY), Cause.UNREADABLE).contains(file + ":2");
    }

    @Test
    void aLoneCarriageReturnEndsNoLine() throws IOException {
        Files.writeString(file, "# a note\r" + line("web1", KEY) + "\n");
        assertRefused(policy.check(WEB1, KEY), Cause.UNKNOWN);
    }
}
