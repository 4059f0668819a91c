/**
 * Copies files between a server and a workspace, on sessions of the pool. Imports {@code core.pool}, {@code core.transport}
 * and what these may. The classes that {@link io.jenkins.plugins.sshexec.core.transfer.LocalWorkspace} is made of also run
 * on agents, and use the JDK alone.
 */
package io.jenkins.plugins.sshexec.core.transfer;
