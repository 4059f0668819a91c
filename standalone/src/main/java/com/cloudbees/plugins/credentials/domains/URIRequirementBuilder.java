package com.cloudbees.plugins.credentials.domains;

import java.util.ArrayList;
import java.util.List;

/** Stands in for the credentials plugin's class of this name. */
public class URIRequirementBuilder {
    private final List<DomainRequirement> requirements = new ArrayList<>();

    private URIRequirementBuilder() {}

    public static URIRequirementBuilder create() {
        return new URIRequirementBuilder();
    }

    public URIRequirementBuilder withScheme(String scheme) {
        requirements.removeIf(SchemeRequirement.class::isInstance);
        requirements.add(new SchemeRequirement(scheme));
        return this;
    }

    public URIRequirementBuilder withHostname(String hostname) {
        requirements.removeIf(HostnameRequirement.class::isInstance);
        requirements.add(new HostnameRequirement(hostname));
        return this;
    }

    public URIRequirementBuilder withHostnamePort(String hostname, int port) {
        requirements.removeIf(HostnamePortRequirement.class::isInstance);
        requirements.add(new HostnamePortRequirement(hostname, port));
        return this;
    }

    public List<DomainRequirement> build() {
        return new ArrayList<>(requirements);
    }
}
