package io.jenkins.plugins.sshexec.benchmark;

/** One thing that is measured; can be run alone. */
@FunctionalInterface
interface Case {

    /**
     * Measures, and adds tables, charts and goals to the report.
     *
     * @throws Exception of any kind, which ends the benchmark
     */
    void run(Options options, Report report) throws Exception;
}
