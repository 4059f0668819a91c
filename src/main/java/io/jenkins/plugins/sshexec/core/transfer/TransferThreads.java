package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.time.TimedExecutor;

/**
 * The threads of {@link FileTransfer}.
 *
 * @param carriers hold one thread for each lease that files are copied on, and one or two for the workspace of a transfer, for
 *     as long as it takes. There should be no limit to them but that of the pool.
 * @param enders run what ends a transfer, and what comes after a wait
 */
public record TransferThreads(TimedExecutor carriers, TimedExecutor enders) {}
