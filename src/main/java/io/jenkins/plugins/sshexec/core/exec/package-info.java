/** Runs one command: lease, exec request, output, end. Imports {@code core.pool} and {@code core.transport}. */
package io.jenkins.plugins.sshexec.core.exec;
