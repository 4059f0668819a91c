package io.jenkins.plugins.sshexec.standalone.build;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * Writes, for each annotation that Jenkins looks up by index, the file of the classes that it or a member of theirs bears.
 * The plugin's own build has this from {@code org.jenkins-ci:annotation-indexer}, of which Maven Central only has a version
 * that writes elsewhere; {@code @Extension} has an index of another form, by SezPoz.
 */
@SupportedAnnotationTypes({
    "hudson.init.Initializer",
    "hudson.init.Terminator",
    "org.jenkinsci.Symbol",
    "org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted"
})
public final class AnnotationIndexer extends AbstractProcessor {
    /** Where Jenkins looks for the index of an annotation, by the annotation's name. */
    public static final String FOLDER = "META-INF/services/annotations/";

    private final Map<TypeElement, Set<String>> classesByAnnotation = new TreeMap<>((one, other) ->
            one.getQualifiedName().toString().compareTo(other.getQualifiedName().toString()));

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            Set<String> classes = classesByAnnotation.computeIfAbsent(annotation, any -> new TreeSet<>());
            round.getElementsAnnotatedWith(annotation).forEach(marked -> classes.add(classOf(marked)));
        }
        if (round.processingOver()) {
            classesByAnnotation.forEach(this::write);
        }
        return false;
    }

    private String classOf(Element marked) {
        Element type = marked instanceof TypeElement ? marked : marked.getEnclosingElement();
        return processingEnv.getElementUtils().getBinaryName((TypeElement) type).toString();
    }

    private void write(TypeElement annotation, Set<String> classes) {
        String file = FOLDER + annotation.getQualifiedName();
        try (Writer index = processingEnv
                .getFiler()
                .createResource(StandardLocation.CLASS_OUTPUT, "", file)
                .openWriter()) {
            for (String name : classes) {
                index.write(name + "\n");
            }
        } catch (IOException e) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, "Cannot write " + file + ": " + e);
        }
    }
}
