package com.cloudbees.plugins.credentials;

import hudson.model.Descriptor;

/** Stands in for the credentials plugin's class of this name. */
public abstract class CredentialsDescriptor extends Descriptor<Credentials> {
    protected CredentialsDescriptor(Class<? extends Credentials> clazz) {
        super(clazz);
    }

    protected CredentialsDescriptor() {}
}
