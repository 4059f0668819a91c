/** Start, settings and end of the one pool and of all threads. Imports {@code config} and {@code core}. */
package io.jenkins.plugins.sshexec.lifecycle;
