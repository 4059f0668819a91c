package com.cloudbees.plugins.credentials.common;

import com.cloudbees.plugins.credentials.Credentials;

/** Stands in for the credentials plugin's interface of this name. */
public interface IdCredentials extends Credentials {
    String getId();
}
