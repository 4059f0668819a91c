package jenkins.model;

import java.io.IOException;

/** Stands in for core's interface of this name. */
public interface Loadable {
    void load() throws IOException;
}
