package hudson.model;

/** Stands in for core's class of this name. */
public abstract class AbstractDescribableImpl<T extends AbstractDescribableImpl<T>> implements Describable<T> {}
