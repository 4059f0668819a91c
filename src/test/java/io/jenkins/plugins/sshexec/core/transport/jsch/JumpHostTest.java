package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.end;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.run;
import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.ConnectFailed;
import io.jenkins.plugins.sshexec.core.error.ConnectTimeout;
import io.jenkins.plugins.sshexec.core.error.HostKeyRefused;
import io.jenkins.plugins.sshexec.core.error.LoginRefused;
import io.jenkins.plugins.sshexec.core.error.PoolClosed;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostProof;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteProcess;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.Policies;
import io.jenkins.plugins.sshexec.testing.RawServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import io.jenkins.plugins.sshexec.testing.TestKey.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions through jump hosts: real servers in a chain, each with its own login and host key. */
@Timeout(120)
class JumpHostTest {

    private final ManualClock jumpClock = new ManualClock();
    private final JumpSessions jumps = new JumpSessions(jumpClock);
    private final TransportFixture fixture = new TransportFixture();
    private final List<OpenSshServer> servers = new ArrayList<>();
    private OpenSshServer outer;
    private OpenSshServer inner;
    private OpenSshServer target;

    @BeforeEach
    void startServers() throws Exception {
        // One session for each connection, as bastions have it: forwarding is not counted.
        outer = server("MaxSessions 0");
        inner = server("MaxSessions 0");
        target = server();
    }

    @AfterEach
    void stopServers() throws Exception {
        jumps.close();
        for (OpenSshServer server : servers) {
            server.close();
        }
    }

    private OpenSshServer server(String... config) throws Exception {
        OpenSshServer server = OpenSshServer.start(config);
        servers.add(server);
        return server;
    }

    private JschTransport transport() {
        return new JschTransport(
                Duration.ZERO,
                fixture.threadFactory,
                io.jenkins.plugins.sshexec.core.time.NanoClock.SYSTEM,
                jumps,
                ChannelsAhead.NONE);
    }

    private static SessionSpec spec(OpenSshServer server) {
        return TransportFixture.spec(server.endpoint(), server.login(), Policies.acceptAny());
    }

    private SessionSpec chain() {
        return spec(target).through(spec(inner).through(spec(outer)));
    }

    private SshSession connect(SessionSpec spec) throws SshException {
        return transport().connect(spec, LIMIT, new Cancellation());
    }

    @Test
    void threeServersInAChain() throws Exception {
        CollectingSink sink = new CollectingSink();
        try (SshSession session = connect(chain())) {
            assertThat(run(session, "echo $SSH_CONNECTION; exit 3", sink)).isEqualTo(new Exited(3));
            assertThat(session.facts().hostProof()).isEqualTo(new HostProof.Key(target.hostKey()));
            assertThat(session.check(LIMIT, new Cancellation())).isTrue();
        }
        assertThat(sink.out()).contains(" " + target.endpoint().port());
        assertThat(List.of(outer.logins(), inner.logins(), target.logins())).containsOnly(1L);
    }

    @Test
    void sessionsThroughTheSameJumpHostShareItsSession() throws Exception {
        OpenSshServer second = server();
        try (SshSession one = connect(chain());
                SshSession two = connect(chain());
                SshSession other = connect(spec(second).through(spec(inner).through(spec(outer))))) {
            assertThat(run(one, "exit 1", new CollectingSink())).isEqualTo(new Exited(1));
            assertThat(run(two, "exit 2", new CollectingSink())).isEqualTo(new Exited(2));
            assertThat(run(other, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
        }
        assertThat(List.of(outer.logins(), inner.logins(), target.logins(), second.logins()))
                .containsExactly(1L, 1L, 2L, 1L);
        try (SshSession again = connect(chain())) {
            assertThat(run(again, "exit 4", new CollectingSink())).isEqualTo(new Exited(4));
        }
        assertThat(outer.logins()).isEqualTo(1);
    }

    @Test
    void manyAtOnceOpenTheJumpHostOnce() throws Exception {
        List<CompletableFuture<SshSession>> attempts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            attempts.add(connectAsync(chain(), new Cancellation()));
        }
        for (CompletableFuture<SshSession> attempt : attempts) {
            attempt.get(LIMIT.toSeconds(), TimeUnit.SECONDS).close();
        }
        assertThat(List.of(outer.logins(), inner.logins(), target.logins())).containsExactly(1L, 1L, 8L);
    }

    @Test
    void anotherLoginOrPolicyForTheJumpHostIsAnotherSession() throws Exception {
        TestKey key = TestKey.generate(Type.ED25519);
        outer.authorize(key);
        SessionSpec otherLogin =
                TransportFixture.spec(outer.endpoint(), OpenSshServer.loginWith(key), Policies.acceptAny());
        SessionSpec otherPolicy =
                TransportFixture.spec(outer.endpoint(), outer.login(), Policies.knowing("ssh-ed25519"));
        try (SshSession first = connect(spec(target).through(spec(outer)));
                SshSession second = connect(spec(target).through(otherLogin));
                SshSession third = connect(spec(target).through(otherPolicy))) {
            assertThat(List.of(first.isOpen(), second.isOpen(), third.isOpen())).containsOnly(true);
        }
        assertThat(outer.logins()).isEqualTo(3);
        assertThat(List.of(
                        spec(target).key(),
                        spec(target).through(spec(outer)).key(),
                        spec(target).through(otherLogin).key(),
                        spec(target).through(otherPolicy).key(),
                        chain().key()))
                .doesNotHaveDuplicates();
    }

    /** More of them than the windows of all channels on the way hold, several times over. */
    @Test
    void everyByteComesThrough() throws Exception {
        long[] bytes = new long[1];
        OutputSink counting = new OutputSink() {
            @Override
            public void stdout(byte[] buffer, int offset, int length) {
                bytes[0] += length;
            }

            @Override
            public void stderr(byte[] buffer, int offset, int length) {}
        };
        try (SshSession session = connect(chain())) {
            assertThat(run(session, "head -c 20000000 /dev/zero", counting)).isEqualTo(new Exited(0));
        }
        assertThat(bytes[0]).isEqualTo(20_000_000);
    }

    /** As a build log on a slow disk does. */
    @Test
    void oneThatIsHeldUpHoldsUpNoOther() throws Exception {
        CountDownLatch heldUp = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        OutputSink slow = new OutputSink() {
            @Override
            public void stdout(byte[] buffer, int offset, int length) throws java.io.IOException {
                heldUp.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new java.io.IOException(e);
                }
            }

            @Override
            public void stderr(byte[] buffer, int offset, int length) {}
        };
        try (SshSession one = connect(chain());
                SshSession other = connect(chain())) {
            RemoteProcess much = start(one, "head -c 10000000 /dev/zero", slow);
            assertThat(heldUp.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(run(other, "head -c 100000 /dev/zero; exit 7", new CollectingSink()))
                        .isEqualTo(new Exited(7));
            }
            assertThat(much.exit()).isNotDone();
            goOn.countDown();
            assertThat(end(much)).isEqualTo(new Exited(0));
        }
    }

    @Test
    void aLoginThatAHopRefusesIsToldOfThatHop() {
        SessionSpec bad = TransportFixture.spec(
                inner.endpoint(), OpenSshServer.loginWith(TestKey.generate(Type.ED25519)), Policies.acceptAny());
        assertThatThrownBy(() -> connect(spec(target).through(bad.through(spec(outer)))))
                .asInstanceOf(throwable(LoginRefused.class))
                .satisfies(e -> assertThat(e.endpoint()).isEqualTo(inner.endpoint()));
        assertThat(target.connections()).isZero();
    }

    @Test
    void aHostKeyThatIsRefusedAtAHopIsToldOfThatHop() {
        SessionSpec unknown = TransportFixture.spec(outer.endpoint(), outer.login(), Policies.refuse(Cause.UNKNOWN));
        assertThatThrownBy(() -> connect(spec(target).through(unknown)))
                .asInstanceOf(throwable(HostKeyRefused.class))
                .satisfies(e -> assertThat(e.endpoint()).isEqualTo(outer.endpoint()));
        assertThat(outer.logins()).isZero();
    }

    @Test
    void theTargetsHostKeyIsCheckedAsAnyOther() {
        SessionSpec unknown = TransportFixture.spec(target.endpoint(), target.login(), Policies.refuse(Cause.UNKNOWN));
        assertThatThrownBy(() -> connect(unknown.through(spec(outer))))
                .asInstanceOf(throwable(HostKeyRefused.class))
                .satisfies(e -> assertThat(e.endpoint()).isEqualTo(target.endpoint()));
        assertThat(target.logins()).isZero();
    }

    @Test
    void aHostThatTheHopCannotReachIsToldWithTheHop() {
        SessionSpec nowhere = TransportFixture.spec(new Endpoint("127.0.0.1", 1), target.login(), Policies.acceptAny());
        assertThatThrownBy(() -> connect(nowhere.through(spec(inner).through(spec(outer)))))
                .asInstanceOf(throwable(ConnectFailed.class))
                .satisfies(e -> assertThat(e.endpoint()).isEqualTo(nowhere.endpoint()))
                .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.TCP))
                .satisfies(e -> assertThat(e.detail())
                        .isEqualTo("the jump host " + inner.endpoint() + " could not reach it: connect failed"));
    }

    @Test
    void aHopThatForwardsNothingIsToldAsSuch() throws Exception {
        OpenSshServer closed = server("AllowTcpForwarding no");
        assertThatThrownBy(() -> connect(spec(target).through(spec(closed))))
                .asInstanceOf(throwable(ConnectFailed.class))
                .satisfies(e -> assertThat(e.detail())
                        .contains("the jump host " + closed.endpoint(), "administratively prohibited"));
    }

    @Test
    void theEndOfAHopIsTheEndOfWhatGoesThroughIt() throws Exception {
        try (SshSession session = connect(chain())) {
            RemoteProcess process = start(session, "sleep 1000", new CollectingSink());
            outer.kill();
            assertThatThrownBy(() -> end(process))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(SessionLost.class);
            assertThat(session.isOpen()).isFalse();
            outer.launch();
            try (SshSession again = connect(chain())) {
                assertThat(run(again, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
            }
        }
    }

    @Test
    void cancelledWhileTheHopIsSilent() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        try (RawServer silent = RawServer.start(socket -> {
            connected.countDown();
            RawServer.readToEnd(socket);
        })) {
            SessionSpec hop = TransportFixture.spec(silent.endpoint(), outer.login(), Policies.acceptAny());
            Cancellation cancellation = new Cancellation();
            CompletableFuture<SshSession> attempt = connectAsync(spec(target).through(hop), cancellation);
            connected.await();
            cancellation.cancel();
            assertThatThrownBy(() -> attempt.get(LIMIT.toSeconds() / 2, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class);
        }
    }

    /** The one who opens the jump host is cancelled: the others open it themselves. */
    @Test
    void cancellingTheOneWhoOpensTheHopDoesNotEndTheOthers() throws Exception {
        CountDownLatch connected = new CountDownLatch(2);
        try (RawServer silent = RawServer.start(socket -> {
            connected.countDown();
            RawServer.readToEnd(socket);
        })) {
            SessionSpec hop = TransportFixture.spec(silent.endpoint(), outer.login(), Policies.acceptAny());
            Cancellation first = new Cancellation();
            CompletableFuture<SshSession> opener = connectAsync(spec(target).through(hop), first);
            await().until(() -> connected.getCount() == 1);
            Cancellation second = new Cancellation();
            CompletableFuture<SshSession> waiting = connectAsync(spec(target).through(hop), second);
            first.cancel();
            assertThatThrownBy(() -> opener.get(LIMIT.toSeconds() / 2, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class);
            assertThat(connected.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("tried again by the other")
                    .isTrue();
            second.cancel();
            assertThatThrownBy(() -> waiting.get(LIMIT.toSeconds() / 2, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class);
        }
    }

    /** The hop is fine, but what it connects to says nothing. */
    @Test
    void cancelledAndTimedOutWhileTheTargetIsSilent() throws Exception {
        try (RawServer silent = RawServer.start(RawServer::readToEnd)) {
            SessionSpec mute = TransportFixture.spec(silent.endpoint(), target.login(), Policies.acceptAny())
                    .through(spec(outer));
            assertThatThrownBy(() -> transport().connect(mute, Duration.ofSeconds(2), new Cancellation()))
                    .asInstanceOf(throwable(ConnectTimeout.class))
                    .satisfies(e -> assertThat(e.endpoint()).isEqualTo(silent.endpoint()))
                    .satisfies(e -> assertThat(e.stage()).isEqualTo(Stage.BANNER));
            Cancellation cancellation = new Cancellation();
            CompletableFuture<SshSession> attempt = connectAsync(mute, cancellation);
            cancellation.cancel();
            assertThatThrownBy(() -> attempt.get(LIMIT.toSeconds() / 2, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class);
        }
        try (SshSession session = connect(spec(target).through(spec(outer)))) {
            assertThat(session.isOpen()).as("the hop is still of use").isTrue();
        }
        assertThat(outer.logins()).isEqualTo(1);
    }

    @Test
    void aHopIsKeptForAWhileAndEndsWhenNobodyGoesThroughIt() throws Exception {
        Duration hour = Duration.ofHours(1);
        try (SshSession session = connect(chain())) {
            jumpClock.advance(Duration.ofSeconds(30));
            jumps.evict(Duration.ofSeconds(10), hour);
            assertThat(jumps.size()).as("in use").isEqualTo(2);
            assertThat(session.isOpen()).isTrue();
        }
        jumps.evict(Duration.ofSeconds(10), hour);
        assertThat(jumps.size()).as("just used").isEqualTo(2);
        jumpClock.advance(Duration.ofSeconds(10));
        jumps.evict(Duration.ofSeconds(10), hour);
        assertThat(jumps.size())
                .as("the outer one was used by the inner one until now")
                .isEqualTo(1);
        jumpClock.advance(Duration.ofSeconds(10));
        jumps.evict(Duration.ofSeconds(10), hour);
        assertThat(jumps.size()).isZero();
        await().untilAsserted(() -> assertThat(fixture.threads()).noneMatch(Thread::isAlive));
    }

    @Test
    void anOldHopIsLentNoMoreButServesToTheEnd() throws Exception {
        try (SshSession session = connect(spec(target).through(spec(outer)))) {
            jumpClock.advance(Duration.ofHours(2));
            jumps.evict(Duration.ofDays(1), Duration.ofHours(1));
            assertThat(run(session, "exit 3", new CollectingSink())).isEqualTo(new Exited(3));
            try (SshSession newer = connect(spec(target).through(spec(outer)))) {
                assertThat(newer.isOpen()).isTrue();
            }
            assertThat(outer.logins()).isEqualTo(2);
        }
    }

    @Test
    void closingEndsEverythingAndNothingIsOpenedAfterwards() throws Exception {
        SshSession session = connect(chain());
        jumps.close();
        await().untilAsserted(() -> assertThat(session.isOpen()).isFalse());
        session.close();
        assertThatThrownBy(() -> connect(chain())).isInstanceOf(PoolClosed.class);
        await().untilAsserted(() -> assertThat(fixture.threads()).noneMatch(Thread::isAlive));
    }

    private CompletableFuture<SshSession> connectAsync(SessionSpec spec, Cancellation cancellation) {
        CompletableFuture<SshSession> attempt = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                attempt.complete(transport().connect(spec, LIMIT, cancellation));
            } catch (SshException | RuntimeException e) {
                attempt.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return attempt;
    }
}
