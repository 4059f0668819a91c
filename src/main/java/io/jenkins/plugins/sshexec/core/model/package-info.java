/** The nouns of the domain, as immutable values: server, login, host key, pool key. Imports the JDK only. */
package io.jenkins.plugins.sshexec.core.model;
