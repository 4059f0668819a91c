package org.jenkinsci.plugins.structs.describable;

import java.util.Map;

/** Stands in for the structs plugin's interface of this name: a descriptor that takes more forms of its parameters than it keeps. */
public interface CustomDescribableModel {
    default Map<String, Object> customInstantiate(Map<String, Object> arguments) {
        return arguments;
    }
}
