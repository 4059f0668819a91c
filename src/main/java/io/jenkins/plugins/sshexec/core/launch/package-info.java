/**
 * What goes with a command: its directory, variables, terminal and input, and as whom it runs. Imports {@code core.exec} and
 * what that may.
 */
package io.jenkins.plugins.sshexec.core.launch;
