package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.PasswordCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.UsernameCredentials;
import hudson.Util;

/** Stands in for the credentials plugin's class of this name, for the kinds of credentials that exist here. */
public abstract class CredentialsNameProvider<C extends Credentials> {
    public abstract String getName(C credentials);

    public static String name(Credentials credentials) {
        String name = credentials instanceof UsernameCredentials user
                ? user.getUsername()
                : credentials instanceof IdCredentials named ? named.getId() : "";
        String secret = credentials instanceof PasswordCredentials ? "/******" : "";
        String description = credentials instanceof StandardCredentials standard
                ? Util.fixEmptyAndTrim(standard.getDescription())
                : null;
        return name + secret + (description == null ? "" : " (" + description + ")");
    }
}
