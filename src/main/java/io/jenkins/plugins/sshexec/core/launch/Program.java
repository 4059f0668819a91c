package io.jenkins.plugins.sshexec.core.launch;

/** What is run on a host. */
public sealed interface Program permits CommandLine, Script {}
