/**
 * Runs a command that goes on when its connection does not, by scripts for the host's shell: started once, followed by offset,
 * found again by its id. docs/durable.md has the protocol. Imports {@code core.exec}, {@code core.error}, {@code core.model},
 * {@code core.time} and {@code core.transport}.
 */
package io.jenkins.plugins.sshexec.core.durable;
