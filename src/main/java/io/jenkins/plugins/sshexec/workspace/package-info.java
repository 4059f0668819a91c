/** The workspace's side of a transfer, on whichever machine it is. Imports {@code core.transfer}. */
package io.jenkins.plugins.sshexec.workspace;
