/** The words that a Jenkinsfile uses. Imports {@code call}, {@code form}, and results and errors of {@code core}. */
package io.jenkins.plugins.sshexec.step;
