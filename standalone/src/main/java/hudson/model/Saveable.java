package hudson.model;

import java.io.IOException;

/** Stands in for core's interface of this name. */
public interface Saveable {
    void save() throws IOException;
}
