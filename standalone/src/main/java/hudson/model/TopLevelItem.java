package hudson.model;

import hudson.ExtensionPoint;

/** Stands in for core's interface of this name: what a controller or folder holds. */
public interface TopLevelItem extends Item, ExtensionPoint, Describable<TopLevelItem> {}
