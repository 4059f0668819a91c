package com.cloudbees.plugins.credentials;

import java.io.Serializable;

/** Stands in for the credentials plugin's interface of this name. */
public interface CredentialsMatcher extends Serializable {
    boolean matches(Credentials item);
}
