package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.transfer.FileSelection;
import io.jenkins.plugins.sshexec.core.transfer.FileTransfer;
import io.jenkins.plugins.sshexec.core.transfer.LocalWorkspace;
import io.jenkins.plugins.sshexec.core.transfer.TemporaryNames;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.core.transfer.TransferThreads;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.Unobserved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * How long files take to a host and from there: the core of {@code sshPut} and {@code sshGet} beside OpenSSH's clients, beside
 * JSch as SSH Pipeline Steps uses it, and beside a session for each file. The arguments are the MiB of the big file, the number of small ones, how often each row is
 * measured after one run to warm up, and the milliseconds of a round trip.
 */
public final class TransferBenchmark {

    private static final String HOST = "server";

    /** The directory that all copy to. */
    private static final String TARGET = "target";

    private static final String SESSION_EACH = "a session for each file";
    private static final int SMALL_BYTES = 4096;
    private static final int FILES_IN_A_DIRECTORY = 100;

    /** A session for each file takes so long that a few of them have to do; what is told is the time for each file. */
    private static final int FILES_WITH_A_SESSION_EACH = 20;

    private final OpenSshServer server;
    private final Endpoint endpoint;
    private final Path sources;
    private final RealExec core = RealExec.with(4, 8);
    private final FileTransfer transfer;

    private TransferBenchmark(OpenSshServer server, Endpoint endpoint) {
        this.server = server;
        this.endpoint = endpoint;
        this.sources = file("sources");
        // Of no use to anybody else, since it is another one in each run.
        String secret = UUID.randomUUID().toString().replace("-", "");
        transfer = new FileTransfer(
                core.pool(),
                new TransferThreads(core.threads().enders(), core.threads().enders()),
                new TemporaryNames(text -> secret.substring(0, 24) + String.format("%08x", text.hashCode())),
                NanoClock.SYSTEM);
    }

    /** Prints its tables in Markdown. */
    public static void main(String... arguments) throws Exception {
        int megabytes = Integer.parseInt(arguments[0]);
        int files = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        Duration roundTrip = Duration.ofMillis(Long.parseLong(arguments[3]));
        try (OpenSshServer server = OpenSshServer.start("Subsystem sftp internal-sftp", "LogLevel INFO");
                DelayingProxy line = DelayingProxy.to(server.endpoint(), roundTrip)) {
            TransferBenchmark benchmark =
                    new TransferBenchmark(server, roundTrip.isZero() ? server.endpoint() : line.endpoint());
            benchmark.write(megabytes, files);
            System.out.println(Machine.describe());
            System.out.printf("A round trip of %d ms%n", roundTrip.toMillis());
            String loadBefore = Machine.load();
            if (megabytes > 0) {
                System.out.printf("%nOne file of %d MiB%n%n", megabytes);
                benchmark.print(benchmark.big(), rounds, name -> 1);
                System.out.printf("%nThe same from the host%n%n");
                benchmark.print(benchmark.bigFromHost(), rounds, name -> 1);
            }
            if (files > 0) {
                System.out.printf("%n%d files of %d bytes%n%n", files, SMALL_BYTES);
                benchmark.print(
                        benchmark.small(),
                        rounds,
                        name -> name.equals(SESSION_EACH) ? FILES_WITH_A_SESSION_EACH : files);
            }
            System.out.printf("%nLoad average %s before, %s after%n", loadBefore, Machine.load());
            benchmark.core.close();
            deleteTree(benchmark.file(TARGET));
            deleteTree(benchmark.sources);
        }
    }

    private void print(Rounds ways, int rounds, ToIntFunction<String> files) throws Exception {
        ways.run(1); // lets the JVM compile, and the system cache the sources
        Map<String, Latencies> results = ways.run(rounds);
        System.out.println("| | files | seconds | ms for each file | ratio |\n|---|--:|--:|--:|--:|");
        double first = 0;
        for (Map.Entry<String, Latencies> row : results.entrySet()) {
            int count = files.applyAsInt(row.getKey());
            double millis = row.getValue().percentileMillis(50);
            first = first == 0 ? millis / count : first;
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %.2f | %.2f |%n",
                    row.getKey(),
                    count,
                    millis / 1000,
                    millis / count,
                    millis / count / first);
        }
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
            Path file = sources.resolve(smallFile(i));
            Files.createDirectories(file.getParent());
            Files.write(file, Arrays.copyOf(bytes, SMALL_BYTES));
        }
        clear();
    }

    private static String smallFile(int number) {
        return "small/d" + number / FILES_IN_A_DIRECTORY + "/f" + number;
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Where files go to is as good as new for each run. */
    private void clear() throws IOException {
        deleteTree(file(TARGET));
        Files.createDirectory(file(TARGET));
    }

    private Rounds big() {
        String source = sources + "/big/file";
        String target = file(TARGET) + "/file";
        return new Rounds()
                .add("`sshPut`, its core", timed(() -> put("big")), 1)
                .add("`sftp`", timed(() -> sftp("put " + source + " " + target)), 1)
                .add("`scp`", timed(() -> client("scp", "-q", source, HOST + ":" + target)), 1);
    }

    private Rounds bigFromHost() {
        String source = sources + "/big/file";
        return new Rounds()
                .add("`sshGet`, its core", timed(() -> get(source, "file")), 1)
                .add("`sftp`, `get`", timed(() -> sftp("get " + source + " " + file(TARGET) + "/file")), 1);
    }

    private Rounds small() {
        String source = sources + "/small";
        return new Rounds()
                .add("`sshPut`, its core", timed(() -> put("small")), 1)
                .add("`sftp`, `put -r`", timed(() -> sftp("put -r " + source + " " + file(TARGET))), 1)
                .add("`scp -r`", timed(() -> client("scp", "-q", "-r", source, HOST + ":" + file(TARGET))), 1)
                .add(
                        "JSch, one session, file after file",
                        timed(() ->
                                jsch().copyTree(Path.of(source), file(TARGET).toString())),
                        1)
                .add(SESSION_EACH, timed(this::sessionForEach), 1);
    }

    private JschClient jsch() throws IOException {
        return new JschClient(endpoint, OpenSshServer.user(), identity());
    }

    private void sessionForEach() throws Exception {
        for (int i = 0; i < FILES_WITH_A_SESSION_EACH; i++) {
            jsch().copyFile(sources.resolve(smallFile(i)), file(TARGET) + "/f" + i);
        }
    }

    /** Something that takes time. */
    private interface Act {
        void run() throws Exception;
    }

    private Rounds.Measurement timed(Act act) {
        return () -> {
            clear();
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
        Path config = Files.writeString(
                file("ssh_config"), """
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
                """.formatted(endpoint.host(), endpoint.port(), OpenSshServer.user(), identity()));
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
        copy(Direction.PUT, what, file(TARGET).resolve(what).toString(), sources);
    }

    private void get(String from, String into) throws Exception {
        copy(Direction.GET, from, into, file(TARGET));
    }

    private void copy(Direction direction, String from, String into, Path workspace) throws Exception {
        transfer.run(
                        new TransferRequest(
                                core.spec(server, endpoint),
                                RealExec.HOLDER,
                                direction,
                                from,
                                into,
                                FileSelection.ALL,
                                new TransferOptions(false, Overwrite.ALWAYS, true, false),
                                RealExec.LIMIT,
                                Optional.empty()),
                        new LocalWorkspace(workspace),
                        new Unobserved(),
                        new Cancellation())
                .get();
    }
}
