package io.jenkins.plugins.sshexec.standalone.pipeline;

import hudson.EnvVars;
import hudson.FilePath;
import java.util.Map;

/**
 * The blocks that a thread of the build is in: what they add to the environment, where they work, and what can stop them.
 *
 * @param workspace null outside {@code node}
 */
record Scope(Scope outer, Map<String, String> variables, FilePath workspace, Interruption interruption) {

    static Scope outermost() {
        return new Scope(null, Map.of(), null, new Interruption(null));
    }

    Scope with(Map<String, String> added) {
        return new Scope(this, added, workspace, interruption);
    }

    Scope in(FilePath folder) {
        return new Scope(this, Map.of(), folder, interruption);
    }

    /** A block that can be stopped without what is around it. */
    Scope stoppedBy(Interruption inner) {
        return new Scope(this, Map.of(), workspace, inner);
    }

    void addTo(EnvVars environment) {
        if (outer != null) {
            outer.addTo(environment);
        }
        environment.overrideExpandingAll(variables);
    }
}
