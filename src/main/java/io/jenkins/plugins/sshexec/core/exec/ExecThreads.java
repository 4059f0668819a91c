package io.jenkins.plugins.sshexec.core.exec;

import io.jenkins.plugins.sshexec.core.time.TimedExecutor;
import java.util.concurrent.Executor;

/**
 * The threads of {@link RemoteExec}, apart from each other so that what one of them is held up by holds up nothing else.
 *
 * @param workers run what comes after a command's end, and callers' code
 * @param writers write output into build logs, which may stall
 * @param enders run the steps that end a command, and what comes after a wait. A step may block for as long as the start of
 *     the command could, and the next one must not wait for it: there should be no limit to these threads.
 */
public record ExecThreads(Executor workers, Executor writers, TimedExecutor enders) {}
