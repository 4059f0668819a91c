/**
 * The bridge from a build to the core: request, log, failure to message. Imports {@code credentials}, {@code hostkey},
 * {@code config}, {@code lifecycle} and {@code core}.
 */
package io.jenkins.plugins.sshexec.call;
