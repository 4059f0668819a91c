/** Hosts that have a name and settings of their own. Imports {@code credentials}, {@code hostkey} and {@code core.model}. */
package io.jenkins.plugins.sshexec.hosts;
