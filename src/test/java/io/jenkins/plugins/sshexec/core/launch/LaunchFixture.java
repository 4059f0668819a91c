package io.jenkins.plugins.sshexec.core.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.exec.ExecResult;
import io.jenkins.plugins.sshexec.core.exec.InputSource;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand.Terminal;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.RealExec;
import io.jenkins.plugins.sshexec.testing.RecordingObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One command with what goes with it, on a real server with all of the core. */
final class LaunchFixture implements AutoCloseable, OutputSink {

    final OpenSshServer server;
    final RealExec real = RealExec.with(1, 4);
    final RecordingObserver observer = new RecordingObserver();
    final Cancellation cancellation = new Cancellation();

    private final Map<String, byte[]> variables = new LinkedHashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Optional<byte[]> directory = Optional.empty();
    private Optional<Terminal> terminal = Optional.empty();
    private Optional<InputSource> input = Optional.empty();
    private Optional<Sudo> sudo = Optional.empty();

    LaunchFixture(OpenSshServer server) {
        this.server = server;
    }

    LaunchFixture in(String path) {
        directory = Optional.of(path.getBytes(UTF_8));
        return this;
    }

    LaunchFixture variable(String name, byte[] value) {
        variables.put(name, value);
        return this;
    }

    LaunchFixture variable(String name, String value) {
        return variable(name, value.getBytes(UTF_8));
    }

    LaunchFixture terminal() {
        terminal = Optional.of(new Terminal("xterm", 101, 37));
        return this;
    }

    LaunchFixture input(InputSource source) {
        input = Optional.of(source);
        return this;
    }

    LaunchFixture input(String text) {
        return input(InputSource.of(text.getBytes(UTF_8)));
    }

    LaunchFixture sudo(String user, String password) {
        sudo = Optional.of(new Sudo(user, Optional.ofNullable(password).map(SecretBytes::of)));
        return this;
    }

    CompletableFuture<ExecResult> start(String command) {
        return start(new CommandLine(command.getBytes(UTF_8)));
    }

    CompletableFuture<ExecResult> start(Program program) {
        CommandSetting setting = new CommandSetting(directory, variables, terminal, input, sudo);
        LaunchRequest request = new LaunchRequest(
                real.spec(server), RealExec.HOLDER, program, setting, RealExec.LIMIT, ExecLimits.NONE);
        return new LaunchedExec(real.exec()).run(request, this, observer, cancellation);
    }

    RemoteExit exit(String command) throws Exception {
        return start(command).get(60, TimeUnit.SECONDS).exit();
    }

    RemoteExit exit(Program program) throws Exception {
        return start(program).get(60, TimeUnit.SECONDS).exit();
    }

    @Override
    public synchronized void stdout(byte[] buffer, int offset, int length) {
        out.write(buffer, offset, length);
    }

    @Override
    public synchronized void stderr(byte[] buffer, int offset, int length) {
        err.write(buffer, offset, length);
    }

    synchronized byte[] outBytes() {
        return out.toByteArray();
    }

    synchronized String out() {
        return out.toString(UTF_8);
    }

    synchronized String err() {
        return err.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        real.close();
        server.close();
    }
}
