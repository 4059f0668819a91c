package com.cloudbees.jenkins.plugins.sshcredentials;

import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;

/** Stands in for ssh-credentials' interface of this name. */
public interface SSHUser extends StandardUsernameCredentials {}
