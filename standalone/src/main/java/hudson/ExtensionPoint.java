package hudson;

/** Stands in for core's interface of this name. */
public interface ExtensionPoint {}
