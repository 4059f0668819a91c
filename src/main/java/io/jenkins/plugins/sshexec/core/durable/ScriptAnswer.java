package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.transport.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** What a script of {@link ControlScripts} prints. Written by one thread at a time, and read when the script has ended. */
final class ScriptAnswer implements OutputSink {

    private static final int MAX_BYTES = 16 * 1024;

    private final UUID id;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    ScriptAnswer(UUID id) {
        this.id = id;
    }

    @Override
    public synchronized void stdout(byte[] buffer, int offset, int length) {
        stdout.write(buffer, offset, Math.min(length, MAX_BYTES - stdout.size()));
    }

    @Override
    public synchronized void stderr(byte[] buffer, int offset, int length) {
        stderr.write(buffer, offset, Math.min(length, MAX_BYTES - stderr.size()));
    }

    /** The lines that are the script's own, without the id in front of each. */
    synchronized List<String> lines() {
        String prefix = id + " ";
        return stdout.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
    }

    /** The first line of whatever else came, for the user to make something of; empty for none. */
    synchronized String stray() {
        return (stderr.toString(StandardCharsets.UTF_8) + "\n" + stdout.toString(StandardCharsets.UTF_8))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }
}
