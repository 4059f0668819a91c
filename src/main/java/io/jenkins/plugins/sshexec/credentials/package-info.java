/** From Jenkins credentials to a {@code Login}. Imports {@code core.model}. */
package io.jenkins.plugins.sshexec.credentials;
