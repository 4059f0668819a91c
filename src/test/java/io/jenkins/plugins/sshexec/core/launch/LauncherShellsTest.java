package io.jenkins.plugins.sshexec.core.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a launcher's shell makes of its lines, for each shell that hosts have for {@code /bin/sh}, as far as it is installed here. */
class LauncherShellsTest {

    private static final String TOKEN = "@jse-test-";

    static Stream<List<String>> shells() {
        return Stream.of(List.of("dash"), List.of("bash"), List.of("busybox", "sh"), List.of("mksh"), List.of("ksh"));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void anyBytesArriveAsTheyAreAndNoneTooManyAreRead(List<String> shell) throws Exception {
        for (String locale : List.of("C", "C.UTF-8")) {
            Map<String, byte[]> variables = new LinkedHashMap<>();
            variables.put("ALL", bytes(1, 255));
            variables.put("EMPTY", new byte[0]);
            variables.put("QUOTES", "'\\'\\\\n\"$x`id`\n\n!#~ \t".getBytes(UTF_8));
            variables.put("CONTROLS_OF_DASH", bytes(0x81, 8));
            String command = "printf '%s|' \"$ALL\" \"$EMPTY\" \"$QUOTES\" \"$CONTROLS_OF_DASH\"; cat";
            byte[] out = run(shell, locale, variables, new CommandLine(command.getBytes(UTF_8)), "rest\nof 'it'");
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (byte[] value : variables.values()) {
                expected.writeBytes(value);
                expected.write('|');
            }
            expected.writeBytes("rest\nof 'it'".getBytes(UTF_8));
            assertThat(out).as(locale).isEqualTo(expected.toByteArray());
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void scriptIsAFileOfItsOwnWithAnyBytesAndIsRemoved(List<String> shell) throws Exception {
        byte[] all = bytes(1, 255);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("echo \"$1|$2|${0##*/}\"; tail -n +2 \"$0\" | head -c 70000; ls -ld \"$0\" >&2; cat; exit 5\n"
                .getBytes(UTF_8));
        for (int i = 0; i < 300; i++) {
            text.writeBytes(all);
        }
        Script script = new Script(
                text.toByteArray(), "it's a.sh", List.of("/bin/sh"), List.of("a\nb".getBytes(UTF_8), new byte[0]));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes("a\nb||it's a.sh\n".getBytes(UTF_8));
        byte[] rest = text.toByteArray();
        int body = 1 + new String(rest, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf('\n');
        expected.write(rest, body, 70000);
        expected.writeBytes("typed".getBytes(UTF_8));
        assertThat(run(shell, "C", Map.of(), script, "typed")).isEqualTo(expected.toByteArray());
        assertThat(Path.of("/tmp/jse-test-script")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void folderThatIsThereAlreadyIsNotWrittenToAndNotRemoved(List<String> shell, @TempDir Path directory)
            throws Exception {
        Path there = Files.createDirectory(directory.resolve("jse-test-script"));
        Path kept = Files.writeString(there.resolve("kept"), "kept");
        Script script = new Script("echo ran".getBytes(UTF_8), "a.sh", List.of("/bin/sh"), List.of());
        Process process = start(shell, Map.of("TMPDIR", directory.toString()), Map.of(), script, "");
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                .endsWith(TOKEN + Dialogue.Sign.NO_SCRIPT.letter());
        assertThat(process.waitFor()).isOne();
        assertThat(there.toFile().list()).containsExactly("kept");
        assertThat(kept).hasContent("kept");
    }

    private static byte[] bytes(int from, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static byte[] run(
            List<String> shell, String locale, Map<String, byte[]> variables, Program program, String input)
            throws IOException, InterruptedException {
        Process process = start(shell, Map.of("LC_ALL", locale), variables, program, input);
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                .startsWith(TOKEN + Dialogue.Sign.STARTING.letter())
                .matches("[^\n]*([rwx-]{10} .*\n)?");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return out;
    }

    private static Process start(
            List<String> shell,
            Map<String, String> environment,
            Map<String, byte[]> variables,
            Program program,
            String input)
            throws IOException {
        assumeTrue(
                Stream.of("/bin/", "/usr/bin/").anyMatch(place -> Files.isExecutable(Path.of(place + shell.get(0)))),
                "No " + shell);
        CommandSetting setting = new CommandSetting(
                Optional.of("/".getBytes(UTF_8)), variables, Optional.empty(), Optional.empty(), Optional.empty());
        Launcher launcher = new Launcher(setting, TOKEN);
        String line = launcher.line().replace("/bin/sh", String.join(" ", shell));
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(shell.stream(), Stream.of("-c", line)).toList());
        builder.environment().putAll(environment);
        builder.environment().put("SHELL", "/bin/sh");
        Process process = builder.start();
        process.getOutputStream().write(launcher.preamble(program));
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().close();
        return process;
    }
}
