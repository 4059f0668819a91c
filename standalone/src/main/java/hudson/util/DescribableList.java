package hudson.util;

import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Saveable;

/** Stands in for core's class of this name. */
public class DescribableList<T extends Describable<T>, D extends Descriptor<T>> extends PersistedList<T> {
    public DescribableList(Saveable owner) {
        super(owner);
    }

    public <U extends T> U get(Class<U> type) {
        return stream()
                .filter(item -> item.getClass() == type)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }
}
