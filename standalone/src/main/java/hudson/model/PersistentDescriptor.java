package hudson.model;

import jenkins.model.Loadable;

/** Stands in for core's interface of this name: a descriptor that is loaded when it is made. */
public interface PersistentDescriptor extends Loadable, Saveable {
    @Override
    void load();
}
