package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;

/**
 * An SSH server within the test's JVM, on a free loopback port, for what a real one cannot be made to do: known passwords,
 * scripted commands, and faults at a chosen moment. User {@link #USER}, password {@link #PASSWORD}, and the keys given to
 * {@link #authorize}.
 *
 * <p>Behaviour may be changed at any time; it counts for what begins afterwards. Thread-safe.
 */
public final class EmbeddedSshServer implements AutoCloseable {

    public static final String USER = "tester";
    public static final String PASSWORD = "correct horse ünd staple";

    /** What a command does; runs on a thread of its own. Should end by one of the call's ending methods, or not at all. */
    @FunctionalInterface
    public interface Script {
        void run(RemoteCall call) throws Exception;
    }

    /** What the server does when a client opens a channel. */
    public enum OnOpen {
        ACCEPT,
        /** Answers with SSH_MSG_CHANNEL_OPEN_FAILURE, resource shortage. */
        REFUSE,
        /** Closes the TCP connection instead of answering. */
        DROP,
        /** Never answers. */
        HANG
    }

    /** What the server does with an exec request. */
    public enum OnExec {
        RUN,
        /** Answers with SSH_MSG_CHANNEL_FAILURE. */
        REFUSE,
        /** Closes the TCP connection instead of answering; the command has not run. */
        DROP,
        /** Never answers, and does not run it. */
        HANG
    }

    /** How the server lets users prove who they are. */
    public enum Auth {
        PASSWORD(UserAuthPasswordFactory.INSTANCE),
        KEYBOARD_INTERACTIVE(UserAuthKeyboardInteractiveFactory.INSTANCE),
        PUBLIC_KEY(UserAuthPublicKeyFactory.INSTANCE);

        private final UserAuthFactory factory;

        Auth(UserAuthFactory factory) {
            this.factory = factory;
        }
    }

    /** MINA tells of each start and login at INFO. Kept in a field, since loggers that nobody holds are forgotten. */
    private static final Logger MINA = Logger.getLogger("org.apache.sshd");

    static {
        MINA.setLevel(Level.WARNING);
    }

    private final SshServer sshd = SshServer.setUpDefaultServer();
    private final KeyPair hostKey = newHostKey();
    private final ExecutorService scripts = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "embedded sshd script");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<HostKey> authorized = ConcurrentHashMap.newKeySet();
    private final Set<Session> live = ConcurrentHashMap.newKeySet();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger passwordAttempts = new AtomicInteger();
    private final AtomicBoolean dropOne = new AtomicBoolean();
    private final AtomicBoolean hangOne = new AtomicBoolean();
    private volatile OnOpen onOpen = OnOpen.ACCEPT;
    private volatile OnExec onExec = OnExec.RUN;
    private volatile boolean dropAtLogin;

    /** Logins wait for it, where there are such that are not answered. */
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile boolean hangAtLogin;
    private volatile Script script = EmbeddedSshServer::builtIn;

    private EmbeddedSshServer() {}

    /** Starts a server that accepts passwords and keys. */
    public static EmbeddedSshServer start() throws IOException {
        return start(Auth.PASSWORD, Auth.PUBLIC_KEY);
    }

    /** Starts a server that offers these ways to log in only. */
    public static EmbeddedSshServer start(Auth... ways) throws IOException {
        return startOn("127.0.0.1", ways);
    }

    /** Starts one that listens on {@code address}; with 0.0.0.0 it is a host on each of 127.0.0.0/8. */
    public static EmbeddedSshServer startOn(String address, Auth... ways) throws IOException {
        EmbeddedSshServer server = new EmbeddedSshServer();
        server.sshd.setHost(address);
        server.sshd.setKeyPairProvider(KeyPairProvider.wrap(server.hostKey));
        server.sshd.setUserAuthFactories(
                List.of(ways).stream().map(way -> way.factory).toList());
        server.sshd.setPasswordAuthenticator((user, password, session) -> server.isPassword(user, password, session));
        server.sshd.setPublickeyAuthenticator((user, key, session) -> server.isAuthorized(user, key));
        server.sshd.setChannelFactories(List.of(new ScriptedChannel.Factory(server)));
        server.sshd.addSessionListener(server.new Counter());
        server.sshd.start();
        return server;
    }

    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", sshd.getPort());
    }

    public static PasswordLogin login() {
        return new PasswordLogin(USER, SecretBytes.of(PASSWORD));
    }

    public static KeyLogin loginWith(TestKey key) {
        return new KeyLogin(USER, List.of(key.toPrivateKey()));
    }

    public void authorize(TestKey key) {
        authorized.add(key.toHostKey());
    }

    public HostKey hostKey() {
        return hostKeyOf(hostKey.getPublic());
    }

    /**
     * What commands do. Without it the server knows {@code echo TEXT}, {@code err TEXT}, {@code exit N}, {@code kill
     * SIGNAL}, {@code hang}, {@code cat}, {@code drop}, and sends status 127 for all else.
     */
    public void runs(Script commandScript) {
        script = commandScript;
    }

    /** Commands are run by /bin/sh on this machine, as this user. */
    public void runsRealProcesses() {
        script = RemoteCall::runProcess;
    }

    public void onOpen(OnOpen behaviour) {
        onOpen = behaviour;
    }

    /** Closes the TCP connection at the next channel that a client opens, and goes on as before. */
    public void dropsOneOpen() {
        dropOne.set(true);
    }

    public void onExec(OnExec behaviour) {
        onExec = behaviour;
    }

    /** Never answers the next exec request, nor runs what it asks for, and goes on as before. */
    public void hangsOneExec() {
        hangOne.set(true);
    }

    /** Closes the TCP connection when a user tries to log in, rather than answering. */
    public void dropsAtLogin() {
        dropAtLogin = true;
    }

    /** Never answers a user who tries to log in. */
    public void hangsAtLogin() {
        hangAtLogin = true;
    }

    /** Cuts all connections, without a word to the clients; the server goes on listening. */
    public void dropConnections() {
        live.forEach(session -> session.close(true));
    }

    /** TCP connections so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections that are open now. */
    public int openConnections() {
        return live.size();
    }

    public int logins() {
        return logins.get();
    }

    /** How often a password was sent, by whatever method. */
    public int passwordAttempts() {
        return passwordAttempts.get();
    }

    /** Exec requests so far, in the order of their coming, whatever became of them. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        sshd.stop(true);
        scripts.shutdownNow();
    }

    OnOpen onOpen() {
        return dropOne.getAndSet(false) ? OnOpen.DROP : onOpen;
    }

    OnExec onExec(String command) {
        commands.add(command);
        return hangOne.getAndSet(false) ? OnExec.HANG : onExec;
    }

    void run(RemoteCall call) {
        Script now = script;
        scripts.execute(() -> call.run(now));
    }

    private boolean isPassword(String user, String password, ServerSession session) {
        passwordAttempts.incrementAndGet();
        if (dropAtLogin) {
            session.close(true);
        }
        if (hangAtLogin) {
            awaitClose();
        }
        return USER.equals(user) && PASSWORD.equals(password);
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAuthorized(String user, PublicKey key) {
        return USER.equals(user) && authorized.contains(hostKeyOf(key));
    }

    private static void builtIn(RemoteCall call) throws Exception {
        String[] words = call.command().split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "echo" -> call.stdout(rest + "\n").exit(0);
            case "err" -> call.stderr(rest + "\n").exit(0);
            case "exit" -> call.exit(Integer.parseInt(rest));
            case "kill" -> call.signalled(rest);
            case "cat" -> call.copyInput().exit(0);
            case "drop" -> call.dropConnection();
            case "hang" -> call.hang();
            default -> call.stderr(words[0] + ": not found\n").exit(127);
        }
    }

    private static KeyPair newHostKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HostKey hostKeyOf(PublicKey key) {
        ByteArrayBuffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return HostKey.ofBlob(buffer.getCompactData());
    }

    private final class Counter implements SessionListener {
        @Override
        public void sessionCreated(Session session) {
            connections.incrementAndGet();
            live.add(session);
        }

        @Override
        public void sessionEvent(Session session, Event event) {
            if (event == Event.Authenticated) {
                logins.incrementAndGet();
            }
        }

        @Override
        public void sessionClosed(Session session) {
            live.remove(session);
        }
    }
}
