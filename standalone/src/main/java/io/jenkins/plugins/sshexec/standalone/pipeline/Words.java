package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import hudson.AbortException;
import java.util.List;

/** The words that one block of a declarative Pipeline knows, as its methods; any other is a mistake, told with its line. */
abstract class Words extends GroovyObjectSupport {
    private final JenkinsfileBase script;
    private final String block;
    private final String[] known;

    Words(JenkinsfileBase script, String block, String... known) {
        this.script = script;
        this.block = block;
        this.known = known;
    }

    final JenkinsfileBase script() {
        return script;
    }

    /** Reads the directives of a block; what is to run later is kept. */
    final void read(Closure<?> body) {
        body.setDelegate(this);
        body.setResolveStrategy(Closure.DELEGATE_ONLY);
        body.call();
    }

    /** A closure whose words are steps again. */
    final Closure<?> asScript(Closure<?> body) {
        body.setDelegate(script);
        body.setResolveStrategy(Closure.DELEGATE_ONLY);
        return body;
    }

    /** Variables of the script can be used in directives. */
    public Object propertyMissing(String name) {
        return script.getProperty(name);
    }

    public final Object methodMissing(String name, Object arguments) throws AbortException {
        return word(name, (Object[]) arguments);
    }

    /** A word that is no method of this block. */
    Object word(String name, Object[] arguments) throws AbortException {
        throw script.problem(
                List.of(known).contains(name)
                        ? "'" + name + "' in " + block + " does not take " + Arguments.describe(arguments)
                        : "no '" + name + "' in " + block + "; known: " + String.join(", ", known));
    }
}
