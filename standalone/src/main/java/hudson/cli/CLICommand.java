package hudson.cli;

import hudson.ExtensionPoint;
import java.io.PrintStream;
import java.util.Locale;

/** Stands in for core's class of this name; there is no command line here that would call it. */
public abstract class CLICommand implements ExtensionPoint, Cloneable {
    public transient PrintStream stdout;

    public abstract String getShortDescription();

    protected abstract int run() throws Exception;

    /** From the class: {@code FooBarCommand} is {@code foo-bar}. */
    public String getName() {
        String simple = getClass().getSimpleName();
        return simple.substring(0, simple.length() - "Command".length())
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ENGLISH);
    }
}
