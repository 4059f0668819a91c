/**
 * Host key policies: each choice of the configuration form ({@code XxxVerification}) makes the rule that decides ({@code
 * XxxPolicy}). Imports {@code core.model}.
 */
package io.jenkins.plugins.sshexec.hostkey;
