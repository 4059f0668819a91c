package io.jenkins.plugins.sshexec.standalone.controller;

import hudson.Extension;
import hudson.model.PersistentDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;

/**
 * What {@link Extension} marks on the class path, read from the index that the compiler wrote, as Jenkins reads it.
 * Each extension is made once, when a list that it belongs to is first asked for.
 */
public final class ExtensionIndex {
    private final List<Entry> entries = new ArrayList<>();

    ExtensionIndex(ClassLoader loader) throws InstantiationException {
        for (IndexItem<Extension, Object> item : Index.load(Extension.class, Object.class, loader)) {
            entries.add(new Entry(item));
        }
        entries.sort(Comparator.comparingDouble(Entry::ordinal).reversed());
    }

    /** Extensions of this type, those of the highest ordinal first. */
    public <T> List<T> find(Class<T> type) {
        return entries.stream()
                .filter(entry -> type.isAssignableFrom(entry.type()))
                .map(entry -> type.cast(entry.instance()))
                .toList();
    }

    private static final class Entry {
        private final IndexItem<Extension, Object> item;
        private final Class<?> type;

        // @GuardedBy("this")
        private Object instance;

        Entry(IndexItem<Extension, Object> item) throws InstantiationException {
            this.item = item;
            this.type = typeOf(item.element());
        }

        private static Class<?> typeOf(Object element) {
            if (element instanceof Class<?> marked) {
                return marked;
            }
            return element instanceof Field field ? field.getType() : ((Method) element).getReturnType();
        }

        Class<?> type() {
            return type;
        }

        double ordinal() {
            return item.annotation().ordinal();
        }

        synchronized Object instance() {
            if (instance == null) {
                try {
                    instance = item.instance();
                } catch (InstantiationException e) {
                    throw new IllegalStateException("Cannot make the extension " + item.className(), e);
                }
                if (instance instanceof PersistentDescriptor descriptor) {
                    descriptor.load();
                }
            }
            return instance;
        }
    }
}
