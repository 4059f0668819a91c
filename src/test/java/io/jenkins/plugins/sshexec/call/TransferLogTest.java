package io.jenkins.plugins.sshexec.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.transfer.TransferProgress;
import io.jenkins.plugins.sshexec.core.transfer.TransferResult;
import io.jenkins.plugins.sshexec.hosts.Target;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of a transfer. */
class TransferLogTest {

    private static final long MIB = 1 << 20;

    private final RecordingLog log = new RecordingLog();
    private TransferLog transfer;

    @BeforeEach
    void begin() throws Exception {
        TransferCall.Typed typed = new TransferCall.Typed("dist", "/srv/shop", null, null, false, null, true, false, 0);
        Target web1 = new Target(
                "web1",
                false,
                Destination.parse("web1"),
                null,
                Policies.acceptAny(),
                Algorithms.MODERN,
                null,
                HostLimits.NONE,
                List.of());
        transfer = new TransferLog(
                log.stream(),
                TransferCall.put("web1", null, typed),
                web1,
                "deploy",
                line -> line.replace("hunter2", "****"));
    }

    private String told() {
        log.stream().flush();
        return log.text();
    }

    @Test
    void progressSaysHowFarHowFastAndHowLongItTakes() {
        transfer.progress(
                new TransferProgress(412, 1200, 0, 0, 356 * MIB, 1024 * MIB, 0, 356 * MIB, Duration.ofSeconds(5)));
        assertThat(told()).isEqualTo("412 of 1200 files, 356 MiB of 1.0 GiB (34 %), 71.2 MiB/s, 9.4 s left\n");
    }

    @Test
    void progressKnowsNoEndWhileNothingMoves() {
        transfer.progress(new TransferProgress(0, 1, 0, 0, 0, 5 * MIB, 0, 0, Duration.ofSeconds(5)));
        assertThat(told()).isEqualTo("0 of 1 files, 0 bytes of 5.0 MiB (0 %), 0 bytes/s, ? left\n");
    }

    @Test
    void progressOfEmptyFilesIsNothingToTell() {
        transfer.progress(new TransferProgress(1, 2, 0, 0, 0, 0, 0, 0, Duration.ofSeconds(5)));
        assertThat(told()).isEmpty();
    }

    private void finished(TransferProgress progress) {
        transfer.finished(new TransferResult(progress, "/srv/hunter2"));
    }

    @Test
    void endSaysWhatWasCopied() {
        finished(new TransferProgress(2, 2, 0, 0, 30 * MIB, 30 * MIB, 0, 30 * MIB, Duration.ofSeconds(15)));
        assertThat(told()).isEqualTo("2 files (30.0 MiB) copied to /srv/**** on web1 in 15 s, 2.0 MiB/s.\n");
    }

    /** The size of the files is not what went over the connection. */
    @ParameterizedTest
    @CsvSource({"15, 15.0 MiB, 1.0 MiB/s", "45, 45.0 MiB, 3.0 MiB/s"})
    void endTellsTheSizeOfFilesThatWereGoneOnWithOrBegunAnew(long carried, String told, String rate) {
        finished(new TransferProgress(1, 1, 0, 0, 30 * MIB, 30 * MIB, 0, carried * MIB, Duration.ofSeconds(15)));
        assertThat(told())
                .startsWith("1 file (30.0 MiB) copied to ")
                .endsWith(", " + rate + "; " + told + " went over the connection.\n");
    }

    @Test
    void endDoesNotCountFilesThatWereThereAsCopied() {
        finished(new TransferProgress(5, 5, 3, 0, 50 * MIB, 50 * MIB, 20 * MIB, 30 * MIB, Duration.ofSeconds(15)));
        assertThat(told())
                .isEqualTo(
                        "2 files (30.0 MiB) copied to /srv/**** on web1 in 15 s, 2.0 MiB/s; 3 were there already.\n");
    }

    @Test
    void endSaysThatFilesHaveGrown() {
        finished(new TransferProgress(2, 2, 0, 1, 30, 30, 0, 30, Duration.ofSeconds(15)));
        assertThat(told()).endsWith("; 1 file has grown meanwhile, and what came in addition was left out.\n");
    }

    @ParameterizedTest
    @CsvSource({"0.4 s, 400", "9.9 s, 9949", "12 s, 12000", "3 min 5 s, 185000", "2 h 10 min, 7800000"})
    void timesAreToldInUnitsThatSaySomething(String told, long millis) {
        assertThat(TransferLog.time(Duration.ofMillis(millis))).isEqualTo(told);
    }
}
