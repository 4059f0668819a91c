package hudson.remoting;

/** Stands in for remoting's interface of this name; the embedded controller has no agents. */
public interface VirtualChannel {}
