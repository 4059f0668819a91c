package org.kohsuke.stapler;

/** Stands in for Stapler's interface of this name. */
public interface StaplerProxy {
    Object getTarget();
}
