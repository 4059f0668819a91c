/** Used while the plugin is built with Maven Central alone. */
package io.jenkins.plugins.sshexec.standalone.build;
