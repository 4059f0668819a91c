/** SSH servers, keys and clocks for the tests. Plain Java: no Jenkins and no class of the plugin's outer half. */
package io.jenkins.plugins.sshexec.testing;
