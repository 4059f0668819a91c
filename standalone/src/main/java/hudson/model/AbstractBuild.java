package hudson.model;

import java.io.IOException;
import java.util.Map;

/** Stands in for core's class of this name, which the plugin only names. */
public abstract class AbstractBuild<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>> extends Run<P, R> {
    protected AbstractBuild(P job) throws IOException {
        super(job);
    }

    public Map<String, String> getBuildVariables() {
        return Map.of();
    }
}
