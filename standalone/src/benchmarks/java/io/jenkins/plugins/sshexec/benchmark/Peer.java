package io.jenkins.plugins.sshexec.benchmark;

import java.nio.file.Path;
import java.util.List;

/**
 * One way to run commands on hosts. Keeps what connections it can keep. Commands are run by one thread at a time, apart from
 * those of a {@link #burst}.
 *
 * <p>Methods throw whatever goes wrong: it ends the benchmark.
 */
interface Peer extends AutoCloseable {

    /** As tables call it, in Markdown. */
    String name();

    /**
     * Runs a command on an open connection, which the first call opens.
     *
     * @return how long that took, from the request to the known exit status, in nanoseconds
     */
    long exec(String command) throws Exception;

    /** Runs a command on a connection of its own: connects, logs in, runs, closes. Returns nanoseconds. */
    long connect(String command) throws Exception;

    /**
     * Runs many commands, the n-th on the n-th host and so on in turn.
     *
     * @param hosts addresses; all have the port, the keys and the login of the target
     * @param concurrency commands at once
     */
    Burst burst(List<String> hosts, int commands, int concurrency, String command) throws Exception;

    /** Runs a command on an open connection with its output, and nothing else, into a file. Returns nanoseconds. */
    long output(Path log, String command) throws Exception;

    /**
     * What became of many commands.
     *
     * @param nanos from the first request to the last known exit status
     * @param failed commands that did not end with exit status 0
     */
    record Burst(long nanos, int commands, int failed) {

        /** Commands that succeeded, for each second. */
        double rate() {
            return (commands - failed) / (nanos / 1e9);
        }
    }
}
