package com.cloudbees.plugins.credentials.domains;

import hudson.Util;

/** Stands in for the credentials plugin's class of this name. */
public class HostnamePortSpecification extends DomainSpecification {
    private static final long serialVersionUID = 1L;

    private final String includes;
    private final String excludes;

    public HostnamePortSpecification(String includes, String excludes) {
        this.includes = Util.fixEmptyAndTrim(includes);
        this.excludes = Util.fixEmptyAndTrim(excludes);
    }

    public String getIncludes() {
        return includes;
    }

    public String getExcludes() {
        return excludes;
    }

    @Override
    public Result test(DomainRequirement requirement) {
        return requirement instanceof HostnamePortRequirement host
                ? Wildcards.test(includes, excludes, host.getHostname() + ":" + host.getPort())
                : Result.UNKNOWN;
    }
}
