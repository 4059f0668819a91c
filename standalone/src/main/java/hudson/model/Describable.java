package hudson.model;

import jenkins.model.Jenkins;

/** Stands in for core's interface of this name. */
public interface Describable<T extends Describable<T>> {
    @SuppressWarnings("unchecked") // the descriptor found by the class is of its type
    default Descriptor<T> getDescriptor() {
        return Jenkins.get().getDescriptorOrDie((Class<? extends Describable<?>>) getClass());
    }
}
