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
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.Action;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovedKeysPolicyTest {

    private static final String PAGE = "the page";
    private static final Endpoint WEB1 = host("web1");
    private static final HostKey KEY = HostKeys.ed25519(1);
    private static final HostKey OTHER_KEY = HostKeys.ed25519(2);

    @TempDir
    private Path home;

    private Path file;
    private HostKeyRegister register;
    private ApprovedKeysPolicy policy;

    @BeforeEach
    void create() {
        file = home.resolve("ssh-exec/approved_known_hosts");
        register = new HostKeyRegister(file, Clock.systemUTC());
        policy = new ApprovedKeysPolicy(register, "folder/job", PAGE);
    }

    @Test
    void unknownKeyIsRefusedAndWaitsUntilItIsApproved() throws Exception {
        assertRefused(WEB1, KEY, Cause.UNKNOWN).contains("waits for an administrator", PAGE);
        RegisteredKey waiting = register.find("web1", KEY).orElseThrow();
        assertThat(waiting.state()).isEqualTo(State.WAITING);
        assertThat(waiting.last(Action.SEEN).orElseThrow().by()).isEqualTo("folder/job");
        assertRefused(WEB1, KEY, Cause.UNKNOWN);
        register.approve("web1", KEY, Set.of(), "admin");
        assertAccepted(WEB1, KEY);
        assertRefused(new Endpoint("web1", 2222), KEY, Cause.UNKNOWN);
    }

    @Test
    void changedKeyIsRefusedWithTheApprovedOneAndWaitsUntilItReplacesThat() throws Exception {
        approve(KEY, Set.of());
        assertRefused(WEB1, OTHER_KEY, Cause.CHANGED).contains(KEY.fingerprint(), PAGE, "somebody may be listening in");
        register.approve("web1", OTHER_KEY, Set.of(KEY.fingerprint()), "admin");
        assertAccepted(WEB1, OTHER_KEY);
        assertRefused(WEB1, KEY, Cause.CHANGED).contains(OTHER_KEY.fingerprint());
        assertThat(register.find("web1", KEY).orElseThrow().state()).isEqualTo(State.REPLACED);
    }

    @Test
    void keyOfAnotherTypeIsAChangedOneToo() throws Exception {
        approve(KEY, Set.of());
        assertThat(policy.knownKeyTypes(WEB1)).containsExactly("ssh-ed25519");
        assertRefused(WEB1, HostKeys.ofType("ssh-ed448", 3), Cause.CHANGED);
    }

    @Test
    void rejectedKeyIsRefusedWithWhoRejectedIt() throws Exception {
        approve(KEY, Set.of());
        register.reject("web1", KEY, "the admin");
        assertRefused(WEB1, KEY, Cause.REVOKED).contains("the admin rejected it", PAGE);
        assertRefused(WEB1, OTHER_KEY, Cause.UNKNOWN);
    }

    @Test
    void damagedFileIsNamedByLineAndKeepsApprovedKeysInForce() throws Exception {
        approve(KEY, Set.of());
        String text = Files.readString(file) + "#waiting web2 ssh-ed";
        Files.writeString(file, text);
        assertAccepted(WEB1, KEY);
        assertRefused(host("web2"), KEY, Cause.UNREADABLE).contains(file + ":3");
        assertRefused(WEB1, OTHER_KEY, Cause.CHANGED).contains(KEY.fingerprint(), file + ":3");
        assertThat(file).content().isEqualTo(text);
    }

    @Test
    void revocationThatCannotBeReadRefusesEveryKey() throws Exception {
        approve(KEY, Set.of());
        Files.writeString(file, Files.readString(file) + "@revoked web1 ssh-ed");
        assertRefused(WEB1, KEY, Cause.UNREADABLE).contains(file + ":3");
    }

    @Test
    void keyThatCannotBeWrittenDownIsRefusedAllTheSame() throws IOException {
        Files.createSymbolicLink(file.getParent(), home.resolve("missing"));
        assertRefused(WEB1, KEY, Cause.UNREADABLE).contains(file.toString(), "writable");
    }

    @Test
    void keyBeyondTheLimitOfTheListIsRefusedWithTheReason() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                IntStream.range(0, HostKeyRegister.MAX_WAITING)
                        .mapToObj(i -> "#waiting " + line("host" + i, KEY))
                        .toList());
        assertRefused(WEB1, KEY, Cause.UNKNOWN).contains(HostKeyRegister.MAX_WAITING + " keys wait", PAGE);
    }

    @Test
    void idDoesNotDependOnTheRequester() {
        assertThat(policy.id())
                .isEqualTo(new ApprovedKeysPolicy(register, "another", "another page").id())
                .isNotEqualTo(new AcceptNewPolicy(file).id())
                .isNotEqualTo(KnownHostsPolicy.ofFiles(List.of(file)).id());
    }

    private void approve(HostKey key, Set<String> replaced) throws Exception {
        register.see("web1", key, "job");
        register.approve("web1", key, replaced, "admin");
    }

    private void assertAccepted(Endpoint endpoint, HostKey key) {
        assertThat(policy.check(endpoint, key)).isEqualTo(new Accepted());
    }

    private AbstractStringAssert<?> assertRefused(Endpoint endpoint, HostKey key, Cause cause) {
        HostKeyVerdict verdict = policy.check(endpoint, key);
        assertThat(verdict).isInstanceOf(Refused.class);
        assertThat(((Refused) verdict).cause()).isEqualTo(cause);
        return assertThat(((Refused) verdict).advice());
    }
}
