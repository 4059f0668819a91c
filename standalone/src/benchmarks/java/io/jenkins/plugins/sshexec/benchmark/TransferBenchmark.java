package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transfer.FileSelection;
import io.jenkins.plugins.sshexec.core.transfer.FileTransfer;
import io.jenkins.plugins.sshexec.core.transfer.LocalWorkspace;
import io.jenkins.plugins.sshexec.core.transfer.TemporaryNames;
import io.jenkins.plugins.sshexec.core.transfer.TransferObserver;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import io.jenkins.plugins.sshexec.core.transfer.TransferProgress;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.core.transfer.TransferThreads;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.core.transport.jsch.JschTransport;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * How long files take to a host: the core of {@code sshPut} beside OpenSSH's clients, and beside a session for each file. The
 * arguments are the MiB of the big file, the number of small ones, and how often each row is run.
 */
public final class TransferBenchmark {

    private static final String HOST = "server";
    private static final int SMALL_BYTES = 4096;

    /** A session for each file takes so long that a part of the files has to do; its row is for these. */
    private static final int FILES_WITH_A_SESSION_EACH = 100;

    private final OpenSshServer server;
    private final Path sources;
    private final RealExec core = RealExec.with(4, 8);
    private final FileTransfer transfer;

    private TransferBenchmark(OpenSshServer server) {
        this.server = server;
        this.sources = file("sources");
        // Of no use to anybody else, since it is another one in each run.
        String secret = UUID.randomUUID().toString().replace("-", "");
        transfer = new FileTransfer(
                core.pool(),
                new TransferThreads(core.threads().enders(), core.threads().enders()),
                new TemporaryNames(text -> secret.substring(0, 24) + String.format("%08x", text.hashCode())),
                NanoClock.SYSTEM);
    }

    /** Prints two tables in Markdown. */
    public static void main(String... arguments) throws Exception {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1024;
        int files = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        try (OpenSshServer server = OpenSshServer.start("Subsystem sftp internal-sftp", "LogLevel INFO")) {
            TransferBenchmark benchmark = new TransferBenchmark(server);
            benchmark.write(megabytes, files);
            System.out.println(Machine.describe());
            String loadBefore = Machine.load();
            System.out.printf("%nOne file of %d MiB%n%n", megabytes);
            benchmark.print(benchmark.big(), rounds);
            System.out.printf("%n%d files of %d bytes%n%n", files, SMALL_BYTES);
            benchmark.print(benchmark.small(), rounds);
            System.out.printf("%nLoad average %s before, %s after%n", loadBefore, Machine.load());
            benchmark.core.close();
        }
    }

    private void print(Rounds ways, int rounds) throws Exception {
        ways.run(1); // lets the JVM compile, and the system cache the sources
        Map<String, Latencies> results = ways.run(rounds);
        double first = results.values().iterator().next().percentileMillis(50);
        System.out.println("| | seconds | ratio |\n|---|--:|--:|");
        results.forEach((name, latencies) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f |%n",
                name,
                latencies.percentileMillis(50) / 1000,
                latencies.percentileMillis(50) / first));
    }

    /** A file that is deleted with the server. */
    private Path file(String name) {
        return server.directory().resolve(name);
    }

    private void write(int megabytes, int files) throws IOException {
        Random random = new Random(1);
        byte[] bytes = new byte[1 << 20];
        random.nextBytes(bytes);
        Files.createDirectories(sources.resolve("big"));
        try (var out = Files.newOutputStream(sources.resolve("big/file"))) {
            for (int i = 0; i < megabytes; i++) {
                out.write(bytes);
            }
        }
        for (int i = 0; i < files; i++) {
            Path file = sources.resolve("small/d" + i % 100 + "/f" + i);
            Files.createDirectories(file.getParent());
            Files.write(file, Arrays.copyOf(bytes, SMALL_BYTES));
        }
        for (String directory : new String[] {"put", "sftp", "scp", "single"}) {
            Files.createDirectories(file(directory));
        }
    }

    private Rounds big() throws IOException {
        String source = sources + "/big/file";
        return new Rounds()
                .add("`sshPut`, its core", timed(() -> put("big")), 1)
                .add("`sftp`", timed(() -> sftp("put " + source + " " + file("sftp") + "/file")), 1)
                .add("`scp`", timed(() -> client("scp", "-q", source, HOST + ":" + file("scp") + "/file")), 1);
    }

    private Rounds small() throws IOException {
        String source = sources + "/small";
        return new Rounds()
                .add("`sshPut`, its core", timed(() -> put("small")), 1)
                .add("`sftp`, `put -r`", timed(() -> sftp("put -r " + source + " " + file("sftp"))), 1)
                .add("`scp -r`", timed(() -> client("scp", "-q", "-r", source, HOST + ":" + file("scp"))), 1)
                .add("a session for each of " + FILES_WITH_A_SESSION_EACH + " files", timed(this::sessionForEach), 1);
    }

    /** Something that takes time. */
    private interface Act {
        void run() throws Exception;
    }

    private static Rounds.Measurement timed(Act act) {
        return () -> {
            long start = System.nanoTime();
            act.run();
            return System.nanoTime() - start;
        };
    }

    /** One process with a connection of its own. @param command of sftp(1) */
    private void sftp(String command) throws Exception {
        Path batch = Files.writeString(file("batch"), command + "\n");
        client("sftp", "-q", "-b", batch.toString(), HOST);
    }

    private void client(String program, String... arguments) throws Exception {
        Path config = Files.writeString(file("ssh_config"), """
                Host *
                  HostName %s
                  Port %d
                  User %s
                  BatchMode yes
                  IdentityFile %s
                  IdentitiesOnly yes
                  StrictHostKeyChecking no
                  UserKnownHostsFile /dev/null
                  LogLevel ERROR
                """.formatted(
                        server.endpoint().host(), server.endpoint().port(), OpenSshServer.user(), identity()));
        List<String> line = new ArrayList<>(List.of(program, "-F", config.toString()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(file("client.out").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(line + " failed: " + Files.readString(file("client.out")));
        }
    }

    private Path identity() throws IOException {
        Path identity = file("identity");
        if (!Files.exists(identity)) {
            Files.createFile(
                    identity, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(identity, server.userKey().privateText());
        }
        return identity;
    }

    private void put(String what) throws Exception {
        transfer.run(
                        new TransferRequest(
                                spec(),
                                RealExec.HOLDER,
                                Direction.PUT,
                                what,
                                file("put").resolve(what).toString(),
                                FileSelection.ALL,
                                new TransferOptions(false, Overwrite.ALWAYS, true, false),
                                RealExec.LIMIT,
                                Optional.empty()),
                        new LocalWorkspace(sources),
                        new Silent(),
                        new Cancellation())
                .get();
    }

    private SessionSpec spec() {
        return core.spec(server);
    }

    /** As a plugin without a pool copies: connect, log in, copy one file, disconnect. */
    private void sessionForEach() throws IOException {
        JschTransport transport = new JschTransport(
                Duration.ofSeconds(15),
                task -> {
                    Thread thread = new Thread(task, "benchmark");
                    thread.setDaemon(true);
                    return thread;
                },
                NanoClock.SYSTEM);
        for (int i = 0; i < FILES_WITH_A_SESSION_EACH; i++) {
            try (SshSession session = transport.connect(spec(), RealExec.LIMIT, new Cancellation());
                    RemoteFiles files = session.openFiles(RealExec.LIMIT, new Cancellation());
                    InputStream file = Files.newInputStream(sources.resolve("small/d" + i % 100 + "/f" + i))) {
                files.write(file("single").resolve("f" + i).toString(), 0, file);
            }
        }
    }

    private static final class Silent implements TransferObserver {
        @Override
        public void waiting(int placeInLine) {}

        @Override
        public void paused() {}

        @Override
        public void connectingAgain(SshException failure) {}

        @Override
        public void starting(boolean reusedSession) {}

        @Override
        public void retrying(SshException failure) {}

        @Override
        public void progress(TransferProgress progress) {}
    }
}
