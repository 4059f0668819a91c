package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.error.AlgorithmKind;
import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.CommandTimeout;
import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.DurableLost;
import io.jenkins.plugins.sshexec.core.error.DurableRefused;
import io.jenkins.plugins.sshexec.core.error.ExecRefused;
import io.jenkins.plugins.sshexec.core.error.HostCertificateRefused;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.HostUnavailable;
import io.jenkins.plugins.sshexec.core.error.InputUnreadable;
import io.jenkins.plugins.sshexec.core.error.LaunchRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.NegotiationFailed;
import io.jenkins.plugins.sshexec.core.error.OutputRefused;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.PoolTimeout;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SftpRefused;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.error.UnusableKey;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hosts.Target;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CallFailuresTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 2222);
    private static final String DETAIL = "what was found out";
    private static final HostKey OFFERED = key(1);
    private static final Predicate<String> SAYS_IT_MAY_HAVE_RUN =
            text -> text.contains("may have done its work") || text.contains("was ended");

    /** At least one of each kind of failure. */
    static Stream<SshException> failures() {
        return Stream.concat(
                Stream.of(
                        new ConnectFailed(WEB1, Stage.TCP, DETAIL, null),
                        new ConnectTimeout(WEB1, Stage.BANNER, Duration.ofSeconds(10), null),
                        new NegotiationFailed(WEB1, AlgorithmKind.MAC, "hmac-sha1", DETAIL, true, null),
                        new NegotiationFailed(WEB1, AlgorithmKind.MAC, "hmac-md5", DETAIL, false, null),
                        new HostUnavailable(
                                WEB1, 5, new ConnectFailed(WEB1, Stage.TCP, DETAIL, null), Duration.ofSeconds(10)),
                        new LoginRefused(WEB1, "me", DETAIL, null),
                        new UnusableKey(WEB1, DETAIL, null),
                        new HostCertificateRefused(WEB1, DETAIL, null),
                        new PoolTimeout(WEB1, Duration.ofSeconds(10), 8, 3),
                        new PoolClosed(WEB1),
                        new ChannelRefused(WEB1, DETAIL),
                        new ExecRefused(WEB1, DETAIL),
                        new SessionLost(WEB1, Stage.CHANNEL, DETAIL, null),
                        new SessionLost(WEB1, Stage.RUN, DETAIL, null),
                        new CommandTimeout(WEB1, Stage.WAITING, false, Duration.ofSeconds(10)),
                        new CommandTimeout(WEB1, Stage.RUN, false, Duration.ofSeconds(10)),
                        new CommandTimeout(WEB1, Stage.RUN, true, Duration.ofSeconds(10)),
                        new OutputRefused(WEB1, new IOException(DETAIL)),
                        new InputUnreadable(WEB1, new IOException(DETAIL)),
                        new LaunchRefused(WEB1, LaunchRefused.Cause.SUDO, DETAIL),
                        new LaunchRefused(WEB1, LaunchRefused.Cause.SHELL, DETAIL),
                        new DurableRefused(WEB1, DETAIL),
                        new DurableRefused(WEB1, ""),
                        new SftpRefused(WEB1, DETAIL),
                        new SessionLost(WEB1, Stage.TRANSFER, DETAIL, null),
                        new CommandTimeout(WEB1, Stage.TRANSFER, false, Duration.ofSeconds(10))),
                Stream.of(
                                Arrays.stream(Cause.values()).map(CallFailuresTest::hostKeyRefused),
                                Arrays.stream(DurableLost.Cause.values()).map(CallFailuresTest::durableLost),
                                Arrays.stream(Problem.values()).map(CallFailuresTest::transferFailed),
                                Arrays.stream(LaunchRefused.Cause.values())
                                        .map(cause -> new LaunchRefused(WEB1, cause, "")))
                        .flatMap(all -> all));
    }

    private static SshException transferFailed(Problem problem) {
        return transferFailed(Side.HOST, problem);
    }

    private static SshException transferFailed(Side side, Problem problem) {
        boolean detailed = problem == Problem.DENIED || problem == Problem.OTHER;
        return new TransferFailed(WEB1, side, "/srv/a.txt", problem, detailed ? DETAIL : "", null);
    }

    private static SshException durableLost(DurableLost.Cause cause) {
        boolean because = cause == DurableLost.Cause.UNREACHABLE || cause == DurableLost.Cause.NOT_FOLLOWED;
        return new DurableLost(WEB1, cause, "", because ? new ConnectFailed(WEB1, Stage.TCP, DETAIL, null) : null);
    }

    private static String describe(SshException failure) {
        return CallFailures.describe(failure, target("web1", false));
    }

    private static Target target(String name, boolean named) {
        return new Target(
                name,
                named,
                Destination.parse("web1:2222"),
                null,
                Policies.acceptAny(),
                Algorithms.MODERN,
                null,
                HostLimits.NONE,
                List.of());
    }

    @Test
    void namedHostIsCalledByItsNameWithTheAddressBehind() {
        SshException failure = new LoginRefused(WEB1, "me", DETAIL, null);
        assertThat(CallFailures.describe(failure, target("shop", true)))
                .startsWith("shop (web1:2222) refused the login of me");
        assertThat(CallFailures.describe(failure, target("Web1", true))).startsWith("web1:2222 refused");
    }

    @Test
    void failureOfAHopNamesTheHop() {
        Target bastion = new Target(
                "bastion",
                true,
                Destination.parse("192.0.2.1:2222"),
                null,
                Policies.acceptAny(),
                Algorithms.MODERN,
                null,
                HostLimits.NONE,
                List.of());
        Target target = new Target(
                "shop",
                true,
                Destination.parse("web1"),
                null,
                Policies.acceptAny(),
                Algorithms.MODERN,
                null,
                HostLimits.NONE,
                List.of(bastion));
        assertThat(CallFailures.describe(new LoginRefused(bastion.endpoint(), "me", DETAIL, null), target))
                .startsWith("bastion (192.0.2.1:2222) refused the login of me");
    }

    @Test
    void everyKindOfFailureIsLookedAtHere() {
        assertThat(failures().map(SshException::getClass).collect(Collectors.<Class<?>>toSet()))
                .containsExactlyInAnyOrderElementsOf(leaves(SshException.class).toList());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachIsToldInWholeSentencesOnOneLineThatNameTheHost(SshException failure) {
        assertThat(describe(failure))
                .isNotEqualTo(failure.getMessage())
                .contains("web1:2222")
                .matches("\\P{Cntrl}+\\.")
                .doesNotContain("null", "{", "PT")
                .doesNotContainPattern(DETAIL + " \\p{Upper}");
    }

    @Test
    void noTwoReadAlike() {
        assertThat(failures().map(CallFailuresTest::describe)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theCommandMayHaveRunIsSaidWhereItIsSoAndNowhereElse(SshException failure) {
        assertThat(SAYS_IT_MAY_HAVE_RUN.test(describe(failure)))
                .isEqualTo(failure.stage().commandMayHaveRun());
    }

    @ParameterizedTest
    @EnumSource
    void sessionThatIsLostLeavesTheRunningOpenInOneStageOnly(Stage stage) {
        String text = describe(new SessionLost(WEB1, stage, DETAIL, null));
        String left =
                switch (stage) {
                    case RUN -> "may have done its work";
                    case TRANSFER -> "Files that had arrived are in place";
                    default -> "nothing was run";
                };
        assertThat(text).contains(left, DETAIL);
    }

    @ParameterizedTest
    @EnumSource
    void fileOfTheWorkspaceIsToldFromOneOnTheHost(Problem problem) {
        assertThat(describe(transferFailed(Side.HOST, problem))).contains("/srv/a.txt on web1:2222");
        assertThat(describe(transferFailed(Side.WORKSPACE, problem)))
                .contains("/srv/a.txt in the workspace")
                .doesNotContain("web1");
    }

    @ParameterizedTest
    @EnumSource
    void stageIsToldInWordsOfItsOwn(Stage stage) {
        assertThat(connectFailedAt(stage)).doesNotContain(stage.name()).contains(DETAIL);
        assertThat(Arrays.stream(Stage.values()).filter(other -> other != stage).map(CallFailuresTest::connectFailedAt))
                .doesNotContain(connectFailedAt(stage));
    }

    @ParameterizedTest
    @EnumSource
    void negotiationThatFailsIsToldWithWhatEachSideOffers(AlgorithmKind kind) {
        String text = describe(new NegotiationFailed(WEB1, kind, "theirs-1,theirs-2", "ours-1", false, null));
        assertThat(text)
                .startsWith("Jenkins and web1:2222 have no ")
                .contains("the host offers theirs-1,theirs-2, and Jenkins allows ours-1.")
                .doesNotContain(kind.name());
        assertThat(describe(new NegotiationFailed(WEB1, kind, "theirs-1,theirs-2", "ours-1", true, null)))
                .isNotEqualTo(text)
                .contains("allow legacy algorithms for this host");
    }

    @Test
    void limitsAreInSecondsWithoutGrouping() {
        Duration limit = Duration.ofSeconds(3600);
        assertThat(describe(new ConnectTimeout(WEB1, Stage.TCP, limit, null))).contains("within 3600 s");
        assertThat(describe(new PoolTimeout(WEB1, limit, 8, 3))).contains("within 3600 s (8 in use, 3 waiting)");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void detailIsPassedOnExceptWhereTheSentenceSaysItAll(SshException failure) {
        boolean hasDetail = failure.getMessage().contains(DETAIL);
        boolean saysItAll = failure instanceof ChannelRefused || failure instanceof ExecRefused;
        assertThat(describe(failure).contains(DETAIL)).isEqualTo(hasDetail && !saysItAll);
    }

    @Test
    void inputAndOutputThatFailAreToldOnOneLineAlsoWhereTheReasonIsNot() {
        IOException twoLines = new IOException("in\n\u001b[31mput");
        assertThat(describe(new InputUnreadable(WEB1, twoLines))).endsWith(": in  [31mput.");
        assertThat(describe(new OutputRefused(WEB1, twoLines))).endsWith(": in  [31mput.");
        assertThat(describe(new InputUnreadable(WEB1, new java.io.EOFException())))
                .endsWith(": java.io.EOFException.");
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN,    The host key of web1:2222 is not known:",
        "CHANGED,    THE HOST KEY OF web1:2222 HAS CHANGED:",
        "REVOKED,    The host key of web1:2222 is revoked:",
        "UNREADABLE, The host key of web1:2222 cannot be checked:"
    })
    void refusedHostKeyIsNamedWithTheAdvice(Cause cause, String start) {
        assertThat(describe(hostKeyRefused(cause)))
                .startsWith(start)
                .contains(OFFERED.type() + " " + OFFERED.fingerprint())
                .endsWith(". Advice.");
    }

    @Test
    void changedHostKeyIsToldWithBothFingerprintsAndTheLine(@TempDir Path directory) throws IOException {
        HostKey known = key(2);
        String line = "[web1]:2222 " + known.type() + " " + Base64.getEncoder().encodeToString(known.blob());
        Path file = Files.write(directory.resolve("known_hosts"), List.of("# keys", line));
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile(file.toString());
        HostKeyPolicy policy = verification.policy("a job");
        HostKeyRefused failure = new HostKeyRefused(WEB1, OFFERED, (Refused) policy.check(WEB1, OFFERED));
        assertThat(describe(failure))
                .contains(OFFERED.fingerprint(), known.fingerprint(), file + ":2")
                .startsWith("THE HOST KEY OF web1:2222 HAS CHANGED");
    }

    @Test
    void hostThatIsNotTriedIsToldWithItsLastFailureAndTheTimeOfTheNextTry() {
        SshException last = new ConnectFailed(WEB1, Stage.TCP, "Connection refused", null);
        assertThat(describe(new HostUnavailable(WEB1, 5, last, Duration.ofMillis(9_001))))
                .isEqualTo("No connection to web1:2222 was tried, because the last 5 in a row failed; the next try is"
                        + " due in 10 s. The last failure: " + describe(last));
    }

    private static String connectFailedAt(Stage stage) {
        return describe(new ConnectFailed(WEB1, stage, DETAIL, null));
    }

    private static HostKeyRefused hostKeyRefused(Cause cause) {
        return new HostKeyRefused(WEB1, OFFERED, new Refused(cause, "Advice."));
    }

    private static HostKey key(int seed) {
        byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
        return HostKey.ofBlob(ByteBuffer.allocate(2 * Integer.BYTES + type.length)
                .putInt(type.length)
                .put(type)
                .putInt(seed)
                .array());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(CallFailuresTest::leaves)
                : Stream.of(type);
    }
}
