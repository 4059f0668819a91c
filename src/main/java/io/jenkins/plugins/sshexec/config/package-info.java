/** What an administrator can set, its ranges, form and Configuration as Code. Imports {@code hostkey} and {@code core.model}. */
package io.jenkins.plugins.sshexec.config;
