package com.cloudbees.plugins.credentials.common;

/** Stands in for the credentials plugin's interface of this name. */
public interface StandardCredentials extends IdCredentials {
    String getDescription();
}
