package hudson.model;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Stands in for core's interface of this name: where a build's log goes. */
public interface TaskListener {
    TaskListener NULL = () -> new PrintStream(OutputStream.nullOutputStream());

    PrintStream getLogger();

    default Charset getCharset() {
        return Charset.defaultCharset();
    }

    default PrintWriter error(String message) {
        getLogger().println("ERROR: " + message);
        return new PrintWriter(getLogger(), true, getCharset());
    }

    default PrintWriter error(String format, Object... arguments) {
        return error(String.format(format, arguments));
    }

    default PrintWriter fatalError(String message) {
        getLogger().println("FATAL: " + message);
        return new PrintWriter(getLogger(), true, getCharset());
    }

    default PrintWriter fatalError(String format, Object... arguments) {
        return fatalError(String.format(format, arguments));
    }

    default void hyperlink(String url, String text) throws IOException {
        getLogger().print(text);
    }
}
