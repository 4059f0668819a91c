package io.jenkins.plugins.sshexec.benchmark;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The other side of a {@link ResidentPeer}, for libraries in Java. */
final class ResidentProgram {

    /** What a library has to be able to do. Thread-safe. */
    interface Library {

        /**
         * Runs a command on the one connection to a host, which is opened first if need be.
         *
         * @param output gets the command's stdout; not closed
         * @throws Exception unless the command ended with exit status 0
         */
        void exec(String host, String command, OutputStream output) throws Exception;

        /** The same on a connection of its own, which is closed afterwards. */
        void connect(String host, String command) throws Exception;
    }

    private final Library library;
    private final String host;

    private ResidentProgram(Library library, String host) {
        this.library = library;
        this.host = host;
    }

    /** Serves requests until its input ends. */
    static void serve(Library library, String host) throws IOException {
        ResidentProgram program = new ResidentProgram(library, host);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            System.out.println(program.answer(line.split("\t")));
        }
    }

    private String answer(String... words) {
        try {
            return switch (words[0]) {
                case "exec" -> timed(() -> library.exec(host, words[1], OutputStream.nullOutputStream()));
                case "connect" -> timed(() -> library.connect(host, words[1]));
                case "output" -> timed(() -> output(Path.of(words[1]), words[2]));
                case "burst" -> {
                    Peer.Burst burst = Bursts.run(
                            List.of(words[1].split(",")),
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]),
                            at -> library.exec(at, words[4], OutputStream.nullOutputStream()));
                    yield burst.nanos() + " " + burst.failed();
                }
                default -> "! no such request: " + words[0];
            };
        } catch (Exception e) {
            return "! " + e;
        }
    }

    private void output(Path log, String command) throws Exception {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(log), 1 << 16)) {
            library.exec(host, command, file);
        }
    }

    /** Something that is timed. */
    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }

    private static String timed(Task task) throws Exception {
        long start = System.nanoTime();
        task.run();
        return String.valueOf(System.nanoTime() - start);
    }
}
