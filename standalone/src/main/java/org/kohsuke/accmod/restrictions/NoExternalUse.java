package org.kohsuke.accmod.restrictions;

/** Stands in for the access modifier library's class of this name. */
public class NoExternalUse extends DoNotUse {}
