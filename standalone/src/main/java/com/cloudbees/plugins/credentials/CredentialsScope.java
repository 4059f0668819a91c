package com.cloudbees.plugins.credentials;

/** Stands in for the credentials plugin's enum of this name: who sees a credential. */
public enum CredentialsScope {
    SYSTEM {
        @Override
        public String getDisplayName() {
            return "System (Jenkins and nodes only)";
        }
    },
    GLOBAL {
        @Override
        public String getDisplayName() {
            return "Global (Jenkins, nodes, items, all child items, etc)";
        }
    },
    USER {
        @Override
        public String getDisplayName() {
            return "User";
        }
    };

    public abstract String getDisplayName();
}
