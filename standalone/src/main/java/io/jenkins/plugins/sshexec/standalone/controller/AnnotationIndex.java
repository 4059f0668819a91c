package io.jenkins.plugins.sshexec.standalone.controller;

import io.jenkins.plugins.sshexec.standalone.build.AnnotationIndexer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads the indexes of annotations as Jenkins does. */
final class AnnotationIndex {
    private AnnotationIndex() {}

    /** The methods with this annotation in all classes that its indexes name. */
    static List<Method> methods(Class<? extends Annotation> annotation, ClassLoader loader) throws IOException {
        List<Method> methods = new ArrayList<>();
        for (String name : classNames(annotation, loader)) {
            Stream<Method> declared = Arrays.stream(load(name, loader).getDeclaredMethods());
            methods.addAll(declared.filter(method -> method.isAnnotationPresent(annotation))
                    .toList());
        }
        return methods;
    }

    private static Set<String> classNames(Class<? extends Annotation> annotation, ClassLoader loader)
            throws IOException {
        Set<String> names = new TreeSet<>();
        for (URL index : Collections.list(loader.getResources(AnnotationIndexer.FOLDER + annotation.getName()))) {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(index.openStream(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(names::add);
            }
        }
        return names;
    }

    private static Class<?> load(String name, ClassLoader loader) throws IOException {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new IOException("An index of annotations names the class " + name + ", which there is none of", e);
        }
    }
}
