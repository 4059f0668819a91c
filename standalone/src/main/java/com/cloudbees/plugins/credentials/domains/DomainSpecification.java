package com.cloudbees.plugins.credentials.domains;

import hudson.ExtensionPoint;
import hudson.model.AbstractDescribableImpl;
import java.io.Serializable;

/** Stands in for the credentials plugin's class of this name: one condition of a domain. */
public abstract class DomainSpecification extends AbstractDescribableImpl<DomainSpecification>
        implements Serializable, ExtensionPoint {
    private static final long serialVersionUID = 1L;

    public abstract Result test(DomainRequirement requirement);

    /** Stands in for the credentials plugin's enum of this name. */
    public enum Result {
        /** The requirement is of another kind. */
        UNKNOWN,
        NEGATIVE,
        PARTIAL,
        POSITIVE;

        public boolean isMatch() {
            return this != NEGATIVE;
        }
    }
}
