package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation;

/** {@code when { ... }}, and the conditions made of others inside it; all must hold. */
final class When extends Words {
    private final List<BooleanSupplier> conditions = new ArrayList<>();

    When(JenkinsfileBase script) {
        super(script, "when", "allOf", "anyOf", "environment", "equals", "expression", "not");
    }

    public void expression(Closure<?> body) {
        Closure<?> asScript = asScript(body);
        conditions.add(() -> DefaultTypeTransformation.castToBoolean(asScript.call()));
    }

    public void environment(Map<String, Object> arguments) {
        String name = String.valueOf(arguments.get("name"));
        String value = String.valueOf(arguments.get("value"));
        conditions.add(() -> value.equals(script().build().environment().get(name)));
    }

    /** {@code equals}, which {@link OwnWordsCustomizer} calls by this name. */
    public void equalsCondition(Map<String, Object> arguments) {
        conditions.add(
                () -> DefaultTypeTransformation.compareEqual(arguments.get("expected"), arguments.get("actual")));
    }

    public void not(Closure<?> body) {
        When inner = inner(body);
        conditions.add(() -> !inner.holds());
    }

    public void allOf(Closure<?> body) {
        When inner = inner(body);
        conditions.add(inner::holds);
    }

    public void anyOf(Closure<?> body) {
        When inner = inner(body);
        conditions.add(() -> inner.conditions.stream().anyMatch(BooleanSupplier::getAsBoolean));
    }

    boolean holds() {
        return conditions.stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    private When inner(Closure<?> body) {
        When inner = new When(script());
        inner.read(body);
        return inner;
    }
}
