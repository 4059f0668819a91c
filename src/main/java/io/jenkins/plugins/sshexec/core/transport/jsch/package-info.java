/** JSch behind the transport's interfaces: the only package that sees {@code com.jcraft.jsch}. */
package io.jenkins.plugins.sshexec.core.transport.jsch;
