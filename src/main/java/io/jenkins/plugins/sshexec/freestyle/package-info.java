/** The build step of freestyle jobs. Imports {@code call}, {@code form}, and results and errors of {@code core}. */
package io.jenkins.plugins.sshexec.freestyle;
