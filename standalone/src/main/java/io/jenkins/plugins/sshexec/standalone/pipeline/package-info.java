/** Runs Jenkinsfiles on the embedded controller: Groovy, Pipeline's own words, and the plugin's steps. */
package io.jenkins.plugins.sshexec.standalone.pipeline;
