/**
 * The plugin beside other ways to run commands over SSH, measured in one run: see docs/benchmarks.md. Started by hand
 * ({@link io.jenkins.plugins.sshexec.benchmark.CommandBenchmark}); no part of the tests.
 *
 * <p>To measure one more peer, implement {@link io.jenkins.plugins.sshexec.benchmark.Contender}.
 */
package io.jenkins.plugins.sshexec.benchmark;
