package hudson;

import hudson.model.Saveable;
import java.io.Closeable;
import java.io.IOException;

/** Stands in for core's class of this name: several changes of one object, saved once. */
public class BulkChange implements Closeable {
    private static final ThreadLocal<BulkChange> INSIDE = new ThreadLocal<>();

    private final Saveable saveable;
    private final BulkChange outer;
    private boolean done;

    public BulkChange(Saveable saveable) {
        this.saveable = saveable;
        this.outer = INSIDE.get();
        INSIDE.set(this);
    }

    public void commit() throws IOException {
        if (!done) {
            leave();
            saveable.save();
        }
    }

    public void abort() {
        if (!done) {
            leave();
        }
    }

    @Override
    public void close() {
        abort();
    }

    private void leave() {
        done = true;
        if (outer == null) {
            INSIDE.remove();
        } else {
            INSIDE.set(outer);
        }
    }

    public static boolean contains(Saveable saveable) {
        for (BulkChange change = INSIDE.get(); change != null; change = change.outer) {
            if (change.saveable == saveable) {
                return true;
            }
        }
        return false;
    }
}
