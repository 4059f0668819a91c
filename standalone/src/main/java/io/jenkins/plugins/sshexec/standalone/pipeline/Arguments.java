package io.jenkins.plugins.sshexec.standalone.pipeline;

import hudson.AbortException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The named arguments of one of Pipeline's own words. */
final class Arguments {
    private final JenkinsfileBase script;
    private final String word;
    private final Map<?, ?> values;

    private Arguments(JenkinsfileBase script, String word, Map<?, ?> values) {
        this.script = script;
        this.word = word;
        this.values = values;
    }

    /** Fails, with the line, where one is given that the word does not have. */
    static Arguments of(JenkinsfileBase script, String word, Map<?, ?> values, String... known) throws AbortException {
        for (Object name : values.keySet()) {
            if (!List.of(known).contains(String.valueOf(name))) {
                throw script.problem(word + " has no parameter '" + name + "'; it has: " + String.join(", ", known));
            }
        }
        return new Arguments(script, word, values);
    }

    String text(String name, String whereAbsent) {
        Object value = values.get(name);
        return value == null ? whereAbsent : value.toString();
    }

    boolean flag(String name, boolean whereAbsent) {
        return values.get(name) instanceof Boolean given ? given : whereAbsent;
    }

    int count(String name) throws AbortException {
        if (values.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw script.problem(word + " needs a number '" + name + "'");
    }

    List<?> list(String name) {
        return values.get(name) instanceof List<?> list ? list : List.of();
    }

    TimeUnit unit(TimeUnit whereAbsent) throws AbortException {
        String name = text("unit", whereAbsent.name());
        try {
            return TimeUnit.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw script.problem(word + " knows no unit '" + name + "'");
        }
    }

    /** Positional arguments in words, for a call that fits no word. */
    static String describe(Object[] given) {
        return given.length == 0
                ? "no arguments"
                : Arrays.stream(given)
                        .map(each -> each == null ? "null" : each.getClass().getSimpleName())
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
