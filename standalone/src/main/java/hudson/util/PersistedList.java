package hudson.util;

import hudson.model.Saveable;
import java.io.IOException;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for core's class of this name: a list that saves its owner when it has changed. */
public class PersistedList<T> extends AbstractList<T> {
    private final List<T> items = new CopyOnWriteArrayList<>();

    protected Saveable owner;

    public PersistedList(Saveable owner) {
        this.owner = owner;
    }

    @Override
    public T get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public boolean add(T item) {
        items.add(item);
        try {
            onModified();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return true;
    }

    protected void onModified() throws IOException {
        owner.save();
    }
}
