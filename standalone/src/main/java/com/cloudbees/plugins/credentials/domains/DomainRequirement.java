package com.cloudbees.plugins.credentials.domains;

import hudson.ExtensionPoint;
import java.io.Serializable;

/** Stands in for the credentials plugin's class of this name: what a credential is wanted for. */
public class DomainRequirement implements Serializable, ExtensionPoint {
    private static final long serialVersionUID = 1L;
}
