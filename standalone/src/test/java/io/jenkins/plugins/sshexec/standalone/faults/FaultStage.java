package io.jenkins.plugins.sshexec.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.standalone.faults.Cell.SessionKind;
import io.jenkins.plugins.sshexec.standalone.pipeline.PipelineScript;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.RemoteCall;
import io.jenkins.plugins.sshexec.testing.TcpProxy;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A server, and a network before it that can be broken; one for each cell of the matrix. */
final class FaultStage implements AutoCloseable {

    /** What a build has given. */
    record Build(String result, String log) {}

    /** What the stage does while the step is under way. */
    @FunctionalInterface
    interface Intervention {
        void run() throws Exception;
    }

    private final Cell cell;
    private final Path directory;
    private final FaultController controller;
    private final EmbeddedSshServer server;
    private final TcpProxy proxy;
    private final EmbeddedJob job;
    private final CountDownLatch neighbourMayEnd = new CountDownLatch(1);

    private String credentials = "right";

    /** Read by the server's threads, too. */
    private volatile Work work = Work.SAY;

    private String parameter = "";
    private String around = "%s";
    private CopiedFile files;
    private CompletableFuture<Void> intervention = CompletableFuture.completedFuture(null);

    private FaultStage(FaultController controller, Cell cell, Path directory) throws IOException {
        this.cell = cell;
        this.directory = directory;
        this.controller = controller;
        this.server = EmbeddedSshServer.start();
        this.proxy = controller.proxyTo(server.endpoint());
        this.job = controller.job(directory.getFileName().toString());
        server.runs(this::serve);
    }

    /** @param directory empty, and of a name that no other cell's has */
    static FaultStage set(FaultController controller, Cell cell, Path directory) throws IOException {
        FaultStage stage = new FaultStage(controller, cell, directory);
        controller.trust(stage.proxy.endpoint(), stage.server.hostKey());
        if (cell.operation().copies()) {
            stage.files = CopiedFile.made(
                    cell.operation(),
                    controller.workspace(directory.getFileName().toString()),
                    directory.resolve("host"),
                    stage.replaces());
        }
        return stage;
    }

    Operation operation() {
        return cell.operation();
    }

    SessionKind session() {
        return cell.session();
    }

    EmbeddedSshServer server() {
        return server;
    }

    TcpProxy proxy() {
        return proxy;
    }

    String host() {
        return proxy.endpoint().toString();
    }

    /** Where the folders of durable commands are. */
    Path durableDirectory() {
        return directory.resolve("durable");
    }

    /** Null unless the step copies some. */
    CopiedFile files() {
        return files;
    }

    private boolean replaces() {
        return cell.session() != SessionKind.NEW;
    }

    /** Made by the work when the stage has something to do. */
    Path there() {
        return directory.resolve("there");
    }

    /** Lets the work go on. */
    Path go() {
        return directory.resolve("go");
    }

    void letGo() throws IOException {
        Files.createFile(go());
    }

    void credentials(String id) {
        credentials = id;
    }

    void work(Work toDo) {
        work = toDo;
    }

    /** One more parameter of the step. */
    void parameter(String groovy) {
        parameter = ", " + groovy;
    }

    /** A block for the step, which is {@code %s} in it. */
    void around(String groovy) {
        around = groovy;
    }

    void trustAnotherKey() throws IOException {
        controller.trust(
                proxy.endpoint(), TestKey.generate(TestKey.Type.ED25519).toHostKey());
    }

    /** Does something once the work has come so far. */
    void whenThere(Intervention action) {
        intervention = new CompletableFuture<>();
        start("intervention", () -> {
            try {
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(there()));
                action.run();
                intervention.complete(null);
            } catch (Exception | AssertionError e) {
                intervention.completeExceptionally(e);
            }
        });
    }

    /** Runs the step in a build of its own. */
    Build build() throws Exception {
        Build build = run(around.formatted(step(cell.operation(), work, credentials, parameter)));
        try {
            intervention.get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Nothing could be done to the step: " + build.log(), e);
        }
        return build;
    }

    /** A build with a command that ends well. */
    Build buildBefore() throws IOException {
        return run(step(Operation.EXEC, Work.SAY, "right", ""));
    }

    /** A build with a command that ends when it is allowed to; goes on. */
    CompletableFuture<Build> neighbour() {
        CompletableFuture<Build> build = new CompletableFuture<>();
        start("neighbour", () -> {
            try {
                build.complete(run("sshExec host: '" + host() + "', credentialsId: 'right', command: 'neighbour'"));
            } catch (IOException e) {
                build.completeExceptionally(e);
            }
        });
        return build;
    }

    void endNeighbour() {
        neighbourMayEnd.countDown();
    }

    /** Of a durable command, whatever became of it; and of files no half one. */
    void assertThatNothingHalfIsLeft(Build build) throws IOException {
        if (files != null) {
            files.assertThatItIsCompleteOrAsBefore(
                    build.result().equals("SUCCESS"), replaces(), cell.fault().tidied());
        }
        if (Files.exists(durableDirectory())) {
            try (Stream<Path> left = Files.list(durableDirectory())) {
                assertThat(left).isEmpty();
            }
        }
    }

    private String step(Operation operation, Work toDo, String id, String more) {
        return operation.step(this, toDo) + ", credentialsId: '" + id + "'" + more;
    }

    private Build run(String script) throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        String result = new PipelineScript("Jenkinsfile", "node { " + script + " }")
                .run(new EmbeddedRun(job), new StreamTaskListener(log, StandardCharsets.UTF_8), Map.of())
                .toString();
        return new Build(result, log.toString(StandardCharsets.UTF_8));
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(RemoteCall call) throws Exception {
        if (call.command().startsWith("exec /bin/sh ")) {
            call.runProcess();
            return;
        }
        if (call.command().equals(RemoteCall.SFTP)) {
            work.serveFiles(call);
            return;
        }
        String[] words = call.command().split(" ");
        switch (words[0]) {
            case "say" -> call.stdout("said\n").exit(0);
            case "neighbour" -> {
                call.stdout("next door\n");
                neighbourMayEnd.await();
                call.exit(0);
            }
            case "half" -> call.stdout("half a line").dropConnection();
            case "pause" -> {
                call.stdout("before\n");
                proxy.awaitQuiet();
                proxy.pause();
            }
            case "until-term" -> call.stdout("until TERM\n").signalled(call.awaitSignal());
            case "exit" -> call.exit(Integer.parseInt(words[1]));
            case "kill" -> call.signalled(words[1]);
            default -> call.exit(127);
        }
    }

    @Override
    public void close() throws IOException {
        endNeighbour();
        proxy.close();
        server.close();
    }
}
