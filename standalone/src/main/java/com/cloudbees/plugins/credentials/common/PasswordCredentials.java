package com.cloudbees.plugins.credentials.common;

import com.cloudbees.plugins.credentials.Credentials;
import hudson.util.Secret;

/** Stands in for the credentials plugin's interface of this name. */
public interface PasswordCredentials extends Credentials {
    Secret getPassword();
}
