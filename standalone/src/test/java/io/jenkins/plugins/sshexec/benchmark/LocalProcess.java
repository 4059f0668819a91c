package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program on this machine, started by this JVM for each run. */
final class LocalProcess implements Contender.Command {

    private final Path output;
    private final ProcessBuilder builder;

    /** @param output takes what the program prints; read only where the program fails */
    LocalProcess(Path output, List<String> command) {
        this.output = output;
        this.builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    }

    @Override
    public void run() throws IOException, InterruptedException {
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IOException(builder.command() + " ended with " + status + ": " + Files.readString(output));
        }
    }
}
