/** A Jenkins controller in this process: what stands behind the doubles of Jenkins's own classes. */
package io.jenkins.plugins.sshexec.standalone.controller;
