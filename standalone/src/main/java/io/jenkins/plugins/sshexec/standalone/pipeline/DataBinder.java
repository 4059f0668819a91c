package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.GString;
import java.beans.Introspector;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Makes a describable of named values, as Jenkins does: by its data-bound constructor and then by its data-bound setters. */
final class DataBinder {
    private final String word;
    private final Constructor<?> constructor;
    private final Map<String, Method> setters = new LinkedHashMap<>();

    /** @param word by which messages call it */
    DataBinder(String word, Class<?> type) {
        this.word = word;
        this.constructor = Arrays.stream(type.getConstructors())
                .filter(each -> each.isAnnotationPresent(DataBoundConstructor.class))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " has no data-bound constructor"));
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(DataBoundSetter.class)) {
                setters.put(Introspector.decapitalize(method.getName().substring("set".length())), method);
            }
        }
    }

    /** The parameter that a single value without a name is for. */
    String soleRequired() {
        if (constructor.getParameterCount() != 1) {
            throw new IllegalArgumentException(word + " takes named arguments only");
        }
        return constructor.getParameters()[0].getName();
    }

    /** @throws IllegalArgumentException for a name that it does not have, and for what the describable refuses */
    Object bind(Map<String, Object> values) {
        Map<String, Object> left = new LinkedHashMap<>(values);
        Parameter[] parameters = constructor.getParameters();
        Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            String name = parameters[i].getName();
            arguments[i] = coerced(name, left.remove(name), parameters[i].getType());
        }
        left.keySet().forEach(this::requireSetter);
        try {
            Object made = constructor.newInstance(arguments);
            for (Map.Entry<String, Object> value : left.entrySet()) {
                Method setter = setters.get(value.getKey());
                setter.invoke(made, coerced(value.getKey(), value.getValue(), setter.getParameterTypes()[0]));
            }
            return made;
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof IllegalArgumentException refused
                    ? refused
                    : new IllegalArgumentException(e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("Cannot make " + word, e);
        }
    }

    private void requireSetter(String name) {
        if (!setters.containsKey(name)) {
            Map<String, Method> sorted = new TreeMap<>(setters);
            String own = String.join(
                    ", ",
                    Arrays.stream(constructor.getParameters())
                            .map(Parameter::getName)
                            .toList());
            throw new IllegalArgumentException(word + " has no parameter '" + name + "'; it has: " + own
                    + (sorted.isEmpty() ? "" : ", " + String.join(", ", sorted.keySet())));
        }
    }

    /** Without Groovy's own kind of text, also in a list. */
    private static Object plain(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(DataBinder::plain).toList();
        }
        return value instanceof GString text ? text.toString() : value;
    }

    private Object coerced(String name, Object value, Class<?> type) {
        if (value == null) {
            return type.isPrimitive() ? DefaultTypeTransformation.castToType(0, type) : null;
        }
        Object plain = plain(value);
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        if (boxed.isInstance(plain)) {
            return plain;
        }
        if (plain instanceof Number && Number.class.isAssignableFrom(boxed)) {
            return DefaultTypeTransformation.castToType(plain, boxed);
        }
        if (plain instanceof String constant && type.isEnum()) {
            return DefaultTypeTransformation.castToType(constant, type);
        }
        throw new ClassCastException(word + " expects '" + name + "' as " + type.getSimpleName() + " but received "
                + plain.getClass().getSimpleName());
    }
}
