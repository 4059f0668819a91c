package org.jenkinsci.plugins.plaincredentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.util.Secret;

/** Stands in for plain-credentials' interface of this name. */
public interface StringCredentials extends StandardCredentials {
    Secret getSecret();
}
