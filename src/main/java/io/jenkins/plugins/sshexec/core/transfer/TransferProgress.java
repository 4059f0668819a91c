package io.jenkins.plugins.sshexec.core.transfer;

import java.time.Duration;

/**
 * How far a transfer has come; numbers that are read one after the other, so they may not fit together exactly.
 *
 * @param filesDone in place, or left as they were
 * @param filesKept of these, those that were there already and stay
 * @param filesGrown that were longer than they had been listed, and were copied only as far as that
 * @param bytesDone of files that are in place or on their way
 * @param bytesKept of these, those of files that were there already and stay
 * @param bytesCarried what went over the connection: less than the others where a file was gone on with, more where one had to
 *     begin anew
 * @param elapsed since the files were listed
 */
public record TransferProgress(
        int filesDone,
        int filesTotal,
        int filesKept,
        int filesGrown,
        long bytesDone,
        long bytesTotal,
        long bytesKept,
        long bytesCarried,
        Duration elapsed) {}
