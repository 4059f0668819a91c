/**
 * The pool's numbers for the metrics plugin, where that is installed; nothing else refers to this package, so nothing of
 * it is loaded where it is not. Imports {@code lifecycle}, {@code core.pool} and {@code core.time}.
 */
package io.jenkins.plugins.sshexec.metrics;
