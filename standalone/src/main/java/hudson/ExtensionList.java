package hudson;

import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jenkins.model.Jenkins;

/** Stands in for core's class of this name: all extensions of a type, found when first asked for. */
public class ExtensionList<T> extends AbstractList<T> {
    public final Jenkins jenkins;
    public final Class<T> extensionType;

    /** Null until the list is first used. */
    private volatile CopyOnWriteArrayList<T> extensions;

    protected ExtensionList(Jenkins jenkins, Class<T> extensionType) {
        this.jenkins = jenkins;
        this.extensionType = extensionType;
    }

    public static <T> ExtensionList<T> create(Jenkins jenkins, Class<T> type) {
        return new ExtensionList<>(jenkins, type);
    }

    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return Jenkins.get().getExtensionList(type);
    }

    public static <U> U lookupSingleton(Class<U> type) {
        List<U> all = lookup(type);
        if (all.size() != 1) {
            throw new IllegalStateException("Expected 1 instance of " + type.getName() + " but got " + all.size());
        }
        return all.get(0);
    }

    public static <U> U lookupFirst(Class<U> type) {
        List<U> all = lookup(type);
        if (all.isEmpty()) {
            throw new IllegalStateException("Found no instances of " + type.getName());
        }
        return all.get(0);
    }

    public <U extends T> U get(Class<U> type) {
        return stream()
                .filter(extension -> extension.getClass() == type)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    @Override
    public T get(int index) {
        return loaded().get(index);
    }

    @Override
    public int size() {
        return loaded().size();
    }

    @Override
    public Iterator<T> iterator() {
        return loaded().iterator();
    }

    @Override
    public boolean add(T extension) {
        return loaded().add(extension);
    }

    @Override
    public void add(int index, T extension) {
        loaded().add(extension);
    }

    @Override
    public boolean remove(Object extension) {
        return loaded().remove(extension);
    }

    @Override
    public boolean removeAll(Collection<?> those) {
        return loaded().removeAll(those);
    }

    private List<T> loaded() {
        if (extensions == null) {
            List<T> found = find();
            synchronized (this) {
                if (extensions == null) {
                    extensions = new CopyOnWriteArrayList<>(found);
                }
            }
        }
        return extensions;
    }

    /** What the list holds when first asked; {@link DescriptorExtensionList} chooses among descriptors. */
    List<T> find() {
        return EmbeddedController.of(jenkins).extensions().find(extensionType);
    }
}
