package hudson;

import hudson.model.Describable;
import hudson.model.Descriptor;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/** Stands in for core's class of this name: the descriptors of one kind of describable. */
public class DescriptorExtensionList<T extends Describable<T>, D extends Descriptor<T>> extends ExtensionList<D> {
    private final Class<T> describableType;

    @SuppressWarnings("unchecked") // as in core: a list of all descriptors is narrowed by find()
    protected DescriptorExtensionList(Jenkins jenkins, Class<T> describableType) {
        super(jenkins, (Class<D>) (Class<?>) Descriptor.class);
        this.describableType = describableType;
    }

    public static <T extends Describable<T>, D extends Descriptor<T>>
            DescriptorExtensionList<T, D> createDescriptorList(Jenkins jenkins, Class<T> describableType) {
        return new DescriptorExtensionList<>(jenkins, describableType);
    }

    public D find(Class<? extends T> type) {
        for (D descriptor : this) {
            if (descriptor.clazz == type) {
                return descriptor;
            }
        }
        return null;
    }

    @Override
    @SuppressWarnings("unchecked") // a descriptor whose class is a T is a Descriptor<T>
    List<D> find() {
        List<D> found = new ArrayList<>();
        for (Descriptor<?> descriptor : jenkins.getExtensionList(Descriptor.class)) {
            if (describableType.isAssignableFrom(descriptor.clazz)) {
                found.add((D) descriptor);
            }
        }
        return found;
    }
}
