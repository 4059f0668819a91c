/** What the pool and the execution need from an SSH library. Imports {@code core.model}, {@code core.error}, {@code core.time}. */
package io.jenkins.plugins.sshexec.core.transport;
