package hudson.util;

import hudson.model.TaskListener;
import java.io.Closeable;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Stands in for core's class of this name. */
public class StreamTaskListener extends AbstractTaskListener implements TaskListener, Closeable {
    private final PrintStream logger;
    private final Charset charset;

    public StreamTaskListener(OutputStream out, Charset charset) {
        this.charset = charset == null ? Charset.defaultCharset() : charset;
        this.logger = new PrintStream(out, false, this.charset);
    }

    @Override
    public PrintStream getLogger() {
        return logger;
    }

    @Override
    public Charset getCharset() {
        return charset;
    }

    @Override
    public void close() {
        logger.close();
    }
}
