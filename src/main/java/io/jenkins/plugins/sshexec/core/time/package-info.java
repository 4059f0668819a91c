/** Time budgets and cancellation. Imports the JDK only. */
package io.jenkins.plugins.sshexec.core.time;
