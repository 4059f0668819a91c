package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hudson.AbortException;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Exited;
import io.jenkins.plugins.sshexec.core.transport.RemoteExit.Signalled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallResultTest {

    @Test
    void statusZeroIsSuccess() {
        CallResult result = result(new Exited(0));
        assertThat(result.isSuccess()).isTrue();
        assertThat(result.status()).isZero();
        assertThat(result.signal()).isNull();
        assertThatCode(result::requireSuccess).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 127, 255, 4_294})
    void anyOtherStatusIsAFailureThatNamesHostAndStatus(int status) {
        CallResult result = result(new Exited(status));
        assertThat(result.isSuccess()).isFalse();
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.signal()).isNull();
        assertFailure(result, "The command on web1 returned exit status " + status + ".");
    }

    @ParameterizedTest
    @CsvSource({
        "HUP, 129", "INT, 130", "QUIT, 131", "ILL, 132", "ABRT, 134", "FPE, 136", "KILL, 137",
        "USR1, 138", "SEGV, 139", "USR2, 140", "PIPE, 141", "ALRM, 142", "TERM, 143", "XYZ@example.org, 128"
    })
    void signalIsAFailureThatNamesItWithTheStatusOfAShell(String signal, int status) {
        CallResult result = result(new Signalled(signal));
        assertThat(result.isSuccess()).isFalse();
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.signal()).isEqualTo(signal);
        assertFailure(result, "The command on web1 was ended by signal " + signal + ".");
    }

    private static void assertFailure(CallResult result, String sentence) {
        assertThat(result.failure()).isEqualTo(sentence);
        assertThatExceptionOfType(AbortException.class)
                .isThrownBy(result::requireSuccess)
                .withMessage(sentence);
    }

    private static CallResult result(RemoteExit exit) {
        return new CallResult("web1", exit, Duration.ofMillis(1), false, "out", "err");
    }
}
