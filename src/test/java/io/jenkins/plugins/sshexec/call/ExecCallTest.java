package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hudson.AbortException;
import io.jenkins.plugins.sshexec.call.ExecCall.Returned;
import io.jenkins.plugins.sshexec.core.exec.ExecLimits;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.transport.RemoteCommand;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecCallTest {

    private static final String LONGEST = "x".repeat(RemoteCommand.MAX_BYTES);

    /** Host, command, encoding, and the start of the sentence that says what to type instead. */
    static Stream<Arguments> badInput() {
        return Stream.of(
                Arguments.of(null, "true", null, "Type the host to run the command on: [user@]host[:port]."),
                Arguments.of("", "true", null, "Type the host to run the command on"),
                Arguments.of(" \t", "true", null, "Type the host to run the command on"),
                Arguments.of("web 1", "true", null, "Type [user@]host[:port]; in \"web 1\""),
                Arguments.of("web1:ssh", "true", null, "The port after the colon must be a number from 1 to 65535"),
                Arguments.of(
                        "web1:65536",
                        "true",
                        null,
                        "The port after the colon must be a number from 1 to 65535, not \"65536\"."),
                Arguments.of("::1", "true", null, "Put the IPv6 address in brackets: [::1]."),
                Arguments.of("-oProxyCommand=x", "true", null, "Type [user@]host[:port]"),
                Arguments.of("web1\nFinished: SUCCESS", "true", null, "Type [user@]host[:port]"),
                Arguments.of("web1", null, null, "Type the command to run."),
                Arguments.of("web1", "", null, "Type the command to run."),
                Arguments.of("web1", " \n\t", null, "Type the command to run."),
                Arguments.of("web1", "echo \0", null, "The command, in this encoding, has a NUL byte"),
                Arguments.of("web1", "ls", "UTF-16LE", "The command, in this encoding, has a NUL byte"),
                Arguments.of("web1", "rm /\u2192", "ISO-8859-1", "The command has a character that ISO-8859-1 has not"),
                Arguments.of("web1", "ls", "x-JISAutoDetect", "There is no encoding \"x-JISAutoDetect\""),
                Arguments.of("w".repeat(513), "ls", null, "Type [user@]host[:port], at most 512 characters."),
                Arguments.of("web1", LONGEST + "x", null, "The command has 32001 bytes, and at most 32000 can be sent"),
                Arguments.of("web1", "\u20ac".repeat(11_000), "UTF-8", "The command has 33000 bytes"),
                Arguments.of("web1", "true", "utf-ate", "There is no encoding \"utf-ate\"; type one such as UTF-8"),
                Arguments.of("web1", "true", "no such", "There is no encoding \"no such\""));
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputIsAnsweredWithOneSentence(String host, String command, String encoding, String start) {
        assertThatExceptionOfType(AbortException.class)
                .isThrownBy(() -> ExecCall.of(host, null, command, encoding, false, Returned.NOTHING))
                .satisfies(e -> assertThat(e.getMessage()).startsWith(start).matches("\\P{Cntrl}+\\."));
    }

    @Test
    void everythingTypedIsKept() throws AbortException {
        ExecCall call = ExecCall.of(" me@web1:2222 ", " id ", " ls\n", " ISO-8859-1 ", true, Returned.STDOUT);
        assertThat(call)
                .isEqualTo(new ExecCall(
                        Destination.parse("me@web1:2222"),
                        "id",
                        call.command(),
                        "",
                        StandardCharsets.ISO_8859_1,
                        Returned.STDOUT,
                        ExecLimits.NONE,
                        null,
                        CommandOptions.NONE,
                        null));
        assertThat(call.command()).isEqualTo(" ls\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void emptyFieldsMeanTheDefaults(String empty) throws AbortException {
        ExecCall call = ExecCall.of("web1", empty, "true", empty, false, Returned.NOTHING);
        assertThat(call.credentialsId()).isNull();
        assertThat(call.charset()).isEqualTo(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "ISO-8859-1"})
    void commandIsSentInTheEncoding(Charset charset) throws AbortException {
        assertThat(call("echo \u00e4", charset.name()).command()).isEqualTo("echo \u00e4".getBytes(charset));
    }

    @Test
    void longestCommandIsAllowed() throws AbortException {
        assertThat(call(LONGEST, "UTF-8").command()).hasSize(RemoteCommand.MAX_BYTES);
        assertThat(call("\u00e4".repeat(RemoteCommand.MAX_BYTES), "ISO-8859-1").command())
                .hasSize(RemoteCommand.MAX_BYTES);
    }

    @Test
    void whatTheLogShowsCanDifferFromWhatIsSent() throws AbortException {
        ExecCall call = call("echo pass-word", "UTF-8");
        assertThat(call.shown()).isEqualTo("echo pass-word");
        assertThat(call.shownAs("echo $PASSWORD").shown()).isEqualTo("echo $PASSWORD");
        ExecCall quiet = ExecCall.of("web1", null, "echo pass-word", null, true, Returned.NOTHING);
        assertThat(quiet.shownAs("echo $PASSWORD").shown()).isEmpty();
    }

    private static ExecCall call(String command, String encoding) throws AbortException {
        return ExecCall.of("web1", null, command, encoding, false, Returned.NOTHING);
    }
}
