package com.cloudbees.plugins.credentials;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Item;
import hudson.model.Run;

/** Stands in for the credentials plugin's interface of this name, for builds and items. */
public interface CredentialsUseListener extends ExtensionPoint {

    void onUse(Credentials credentials, Run<?, ?> run);

    void onUse(Credentials credentials, Item item);

    static void fireUse(Credentials credentials, Run<?, ?> run) {
        ExtensionList.lookup(CredentialsUseListener.class).forEach(listener -> listener.onUse(credentials, run));
    }

    static void fireUse(Credentials credentials, Item item) {
        ExtensionList.lookup(CredentialsUseListener.class).forEach(listener -> listener.onUse(credentials, item));
    }
}
