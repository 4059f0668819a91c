package io.jenkins.plugins.sshexec.core.durable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/**
 * The scripts that start, follow, end and remove one durable command, and sweep up what others have left. They come by the stdin of a shell, so that the login
 * shell has to read no more than one plain line, whichever it is, and nothing of the command is in the host's list of
 * processes.
 */
final class ControlScripts {

    /** Between TERM and KILL. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** On one line, which a shell reads as a whole: what comes after it is no longer the shell's to read. */
    private static final byte[] RUN_AND_EXIT = bytes("main; exit 0\n");

    private final UUID id;
    private final String directory;
    private final String shell;

    /**
     * @param directory of all commands' folders; empty for the one in the home directory
     * @param shell a POSIX shell with its options, in words that need no quotes
     */
    ControlScripts(UUID id, String directory, String shell) {
        this.id = id;
        this.directory = directory;
        this.shell = shell;
    }

    /** The line for the login shell. */
    String line() {
        return "exec " + shell + " -s";
    }

    byte[] launch(byte[] command) {
        String identity = "id=$JSE_ID\nbase=$JSE_BASE\n";
        return script().set("shell", bytes(shell))
                .set("command", command)
                .set("wrapper", bytes(identity + text("common.sh") + text("wrapper.sh")))
                .set("run", resource("run.sh"))
                .add(resource("common.sh"))
                .add(resource("sweep.sh"))
                .add(resource("launch.sh"))
                .add(RUN_AND_EXIT)
                .toBytes();
    }

    byte[] follow(Offsets from) {
        return script().set("out", bytes(String.valueOf(from.stdout())))
                .set("err", bytes(String.valueOf(from.stderr())))
                .add(resource("common.sh"))
                .add(resource("follow.sh"))
                .add(RUN_AND_EXIT)
                .toBytes();
    }

    byte[] status() {
        return mainOf("status.sh");
    }

    byte[] remove() {
        return mainOf("remove.sh");
    }

    byte[] sweep() {
        return mainOf("sweep.sh");
    }

    byte[] end() {
        return script().set("grace", bytes(String.valueOf(GRACE.toSeconds())))
                .add(resource("common.sh"))
                .add(resource("end.sh"))
                .add(resource("/io/jenkins/plugins/sshexec/core/exec/end-command.sh"))
                .add(bytes("\n: > \"$dir/ended\"\nexit 0\n"))
                .toBytes();
    }

    private byte[] mainOf(String name) {
        return script().add(resource("common.sh"))
                .add(resource(name))
                .add(RUN_AND_EXIT)
                .toBytes();
    }

    private Script script() {
        return new Script().set("id", bytes(id.toString())).set("base", bytes(directory));
    }

    private static String text(String name) {
        return new String(resource(name), StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream in = ControlScripts.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A script in the making. */
    private static final class Script {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();

        /** Sets a shell variable to any bytes but NUL: within single quotes a shell takes all but these as they are. */
        Script set(String variable, byte[] value) {
            text.writeBytes(bytes(variable + "='"));
            for (byte each : value) {
                if (each == '\'') {
                    text.writeBytes(bytes("'\\''"));
                } else {
                    text.write(each);
                }
            }
            text.writeBytes(bytes("'\n"));
            return this;
        }

        Script add(byte[] part) {
            text.writeBytes(part);
            return this;
        }

        byte[] toBytes() {
            return text.toByteArray();
        }
    }
}
