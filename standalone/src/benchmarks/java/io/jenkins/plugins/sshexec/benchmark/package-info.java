/**
 * The plugin beside other ways to run commands over SSH, measured in one run: see docs/benchmarks.md. Started by hand ({@link
 * io.jenkins.plugins.sshexec.benchmark.Benchmarks}); no part of the tests.
 *
 * <p>To measure one more peer, implement {@link io.jenkins.plugins.sshexec.benchmark.Peer}, or write a program that speaks
 * the lines of {@link io.jenkins.plugins.sshexec.benchmark.ResidentPeer}; to measure one thing more, write a {@link
 * io.jenkins.plugins.sshexec.benchmark.Case}. Both are listed in one place.
 */
package io.jenkins.plugins.sshexec.benchmark;
