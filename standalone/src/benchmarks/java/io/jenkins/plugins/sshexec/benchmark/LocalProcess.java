package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** No SSH at all: a program on this machine, started by this JVM for each run. The share of that in what {@code ssh} takes. */
final class LocalProcess implements Peer {

    @Override
    public String name() {
        return "a local process, no SSH";
    }

    @Override
    public long exec(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        long start = System.nanoTime();
        int status = builder.start().waitFor();
        long nanos = System.nanoTime() - start;
        if (status != 0) {
            throw new IOException(command + " ended with " + status);
        }
        return nanos;
    }

    @Override
    public long connect(String command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Burst burst(List<String> hosts, int commands, int concurrency, String command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long output(Path log, String command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
