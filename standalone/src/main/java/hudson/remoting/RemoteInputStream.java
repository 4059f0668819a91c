package hudson.remoting;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Stands in for remoting's class of this name, on the machine where the stream is. */
public class RemoteInputStream extends InputStream {

    /** Stands in for remoting's enum of this name. */
    public enum Flag {
        GREEDY,
        NOT_GREEDY,
        MANUAL_UNEXPORT
    }

    private final InputStream in;

    public RemoteInputStream(InputStream in, Set<Flag> flags) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        return in.read(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
