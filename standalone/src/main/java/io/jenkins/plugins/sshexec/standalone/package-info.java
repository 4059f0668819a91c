/** The plugin without a Jenkins: a command that runs a Jenkinsfile, and an SSH server to try it on. Never in the .hpi. */
package io.jenkins.plugins.sshexec.standalone;
