package io.jenkins.plugins.sshexec.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What one class logs at INFO and above, from its making to its end. Thread-safe. */
public final class LogLines extends Handler {

    private static final SimpleFormatter FORMATTER = new SimpleFormatter();

    private final List<String> seen = new CopyOnWriteArrayList<>();

    /** Held, because the JVM forgets loggers that nobody holds. */
    private final Logger logger;

    public LogLines(Class<?> of) {
        logger = Logger.getLogger(of.getName());
        setLevel(Level.INFO);
        logger.addHandler(this);
    }

    /** Each line as it reads, behind its level: {@code WARNING something is wrong}. */
    public List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void publish(LogRecord line) {
        if (isLoggable(line)) {
            seen.add(line.getLevel() + " " + FORMATTER.formatMessage(line));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
