package org.kohsuke.accmod;

/** Stands in for the access modifier library's class of this name. */
public abstract class AccessRestriction {}
