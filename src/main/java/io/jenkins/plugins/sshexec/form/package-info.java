/** Form validation and drop-downs. Imports {@code credentials} and {@code core.model}. */
package io.jenkins.plugins.sshexec.form;
