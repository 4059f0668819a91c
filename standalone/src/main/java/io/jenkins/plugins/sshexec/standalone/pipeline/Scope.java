package io.jenkins.plugins.sshexec.standalone.pipeline;

import hudson.EnvVars;
import hudson.FilePath;
import java.util.List;
import java.util.Map;

/**
 * The blocks that a thread of the build is in: what they add to the environment, where they work, and what can stop them.
 *
 * @param workspace null outside {@code node}
 * @param given what a block step gives to the steps inside
 */
record Scope(
        Scope outer, Map<String, String> variables, FilePath workspace, Interruption interruption, List<Object> given) {

    static Scope outermost() {
        return new Scope(null, Map.of(), null, new Interruption(null), List.of());
    }

    Scope with(Map<String, String> added) {
        return new Scope(this, added, workspace, interruption, List.of());
    }

    Scope in(FilePath folder) {
        return new Scope(this, Map.of(), folder, interruption, List.of());
    }

    /** A block that can be stopped without what is around it. */
    Scope stoppedBy(Interruption inner) {
        return new Scope(this, Map.of(), workspace, inner, List.of());
    }

    Scope giving(List<Object> toSteps) {
        return new Scope(this, Map.of(), workspace, interruption, toSteps);
    }

    /** What the nearest block gives of this type; null where none does. */
    Object given(Class<?> type) {
        return given.stream()
                .filter(type::isInstance)
                .findFirst()
                .orElseGet(() -> outer == null ? null : outer.given(type));
    }

    void addTo(EnvVars environment) {
        if (outer != null) {
            outer.addTo(environment);
        }
        environment.overrideExpandingAll(variables);
    }
}
