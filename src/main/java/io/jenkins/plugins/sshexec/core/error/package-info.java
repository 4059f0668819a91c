/** The ways in which running a remote command fails, as types. Imports the JDK and {@code core.model}. */
package io.jenkins.plugins.sshexec.core.error;
