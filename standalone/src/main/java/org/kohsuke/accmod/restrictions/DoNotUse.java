package org.kohsuke.accmod.restrictions;

import org.kohsuke.accmod.AccessRestriction;

/** Stands in for the access modifier library's class of this name. */
public class DoNotUse extends AccessRestriction {}
