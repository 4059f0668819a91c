package io.jenkins.plugins.sshexec.benchmark;

/**
 * One way to run the measured command.
 *
 * @param name as the table calls it
 */
record Contender(String name, Command command) {

    /** Run by one thread at a time. */
    @FunctionalInterface
    interface Command {

        /**
         * Runs the command once and returns after its end.
         *
         * @throws Exception unless it ended with exit status 0; of any kind, since it ends the benchmark
         */
        void run() throws Exception;
    }
}
