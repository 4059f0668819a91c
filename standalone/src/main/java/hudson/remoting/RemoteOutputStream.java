package hudson.remoting;

import java.io.IOException;
import java.io.OutputStream;

/** Stands in for remoting's class of this name, on the machine where the stream is. */
public final class RemoteOutputStream extends OutputStream {
    private final OutputStream out;

    public RemoteOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
