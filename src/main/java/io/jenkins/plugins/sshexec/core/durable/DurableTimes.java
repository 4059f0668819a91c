package io.jenkins.plugins.sshexec.core.durable;

import java.time.Duration;

/**
 * How long {@link DurableExec} waits for what; shorter in tests.
 *
 * @param firstRetry about how long after a lost connection the command is looked for; twice that after the next failure, and
 *     so on
 * @param lastRetry the longest of these waits
 * @param unreachable after how long without a connection the command is given up
 * @param answer for a script that says something and ends
 * @param recheck after which a command whose wrapper was not found is looked for again: more than twice the 10 s between two
 *     heartbeats, so that none is taken for dead that writes them, on another machine with the same home directory say
 * @param ending how long a command is tried to be ended, where it cannot be reached
 */
public record DurableTimes(
        Duration firstRetry,
        Duration lastRetry,
        Duration unreachable,
        Duration answer,
        Duration recheck,
        Duration ending) {

    public static final DurableTimes DEFAULT = new DurableTimes(
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(25),
            Duration.ofSeconds(30));
}
