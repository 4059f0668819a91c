package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.ModelObject;
import hudson.model.Saveable;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import java.io.IOException;
import java.util.List;
import jenkins.model.Jenkins;

/** Stands in for the credentials plugin's class of this name: the credentials of one place. */
public abstract class CredentialsStore implements AccessControlled, Saveable {
    public abstract ModelObject getContext();

    public abstract List<Domain> getDomains();

    public abstract List<Credentials> getCredentials(Domain domain);

    public abstract boolean addCredentials(Domain domain, Credentials credentials) throws IOException;

    public abstract boolean removeCredentials(Domain domain, Credentials credentials) throws IOException;

    public abstract boolean updateCredentials(Domain domain, Credentials current, Credentials replacement)
            throws IOException;

    public boolean addDomain(Domain domain, List<Credentials> credentials) throws IOException {
        throw new UnsupportedOperationException("This store does not take domains");
    }

    public final boolean addDomain(Domain domain, Credentials... credentials) throws IOException {
        return addDomain(domain, List.of(credentials));
    }

    @Override
    public ACL getACL() {
        return Jenkins.get().getACL();
    }

    /** Kept in memory only. */
    @Override
    public void save() throws IOException {}
}
