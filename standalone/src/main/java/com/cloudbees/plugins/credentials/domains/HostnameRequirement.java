package com.cloudbees.plugins.credentials.domains;

/** Stands in for the credentials plugin's class of this name. */
public class HostnameRequirement extends DomainRequirement {
    private static final long serialVersionUID = 1L;

    private final String hostname;

    public HostnameRequirement(String hostname) {
        this.hostname = hostname;
    }

    public String getHostname() {
        return hostname;
    }
}
