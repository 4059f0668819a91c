package hudson;

import java.util.Map;
import java.util.TreeMap;

/** Stands in for core's class of this name: environment variables, names compared without case. */
public class EnvVars extends TreeMap<String, String> {
    private static final long serialVersionUID = 1L;

    public EnvVars() {
        super(String.CASE_INSENSITIVE_ORDER);
    }

    public EnvVars(Map<String, String> variables) {
        this();
        putAll(variables);
    }

    public EnvVars(EnvVars variables) {
        this((Map<String, String>) variables);
    }

    public EnvVars(String... namesAndValues) {
        this();
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            put(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    public String get(String name, String whereAbsent) {
        return getOrDefault(name, whereAbsent);
    }

    public String expand(String text) {
        return Util.replaceMacro(text, this);
    }

    /** {@code PATH+ANYTHING} puts the value in front of {@code PATH}; an empty value removes the variable. */
    public void override(String name, String value) {
        if (value == null || value.isEmpty()) {
            remove(name);
            return;
        }
        int plus = name.indexOf('+');
        if (plus <= 0) {
            put(name, value);
            return;
        }
        String listName = name.substring(0, plus);
        String rest = get(listName);
        put(listName, rest == null ? value : value + java.io.File.pathSeparator + rest);
    }

    public EnvVars overrideAll(Map<String, String> variables) {
        variables.forEach(this::override);
        return this;
    }

    public EnvVars overrideExpandingAll(Map<String, String> variables) {
        variables.forEach((name, value) -> override(name, expand(value)));
        return this;
    }
}
