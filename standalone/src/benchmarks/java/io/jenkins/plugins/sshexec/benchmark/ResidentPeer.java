package io.jenkins.plugins.sshexec.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An SSH library in a process of its own, which lives as long as the benchmark and takes the time itself: no start of a
 * program and no change of processes is counted, and no library runs in the JVM of another one.
 *
 * <p>The process gets the words of {@link Target#words} as arguments and one request a line on its standard input, words
 * separated by tabs:
 *
 * <pre>
 * exec     COMMAND
 * connect  COMMAND
 * output   FILE COMMAND
 * burst    HOST,HOST... COMMANDS CONCURRENCY COMMAND
 * </pre>
 *
 * <p>It answers each with one line: nanoseconds, for a burst followed by the number of failed commands; or {@code !} and what
 * went wrong.
 */
final class ResidentPeer implements Peer {

    private final String name;
    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    private ResidentPeer(String name, Process process) {
        this.name = name;
        this.process = process;
        requests = process.outputWriter();
        answers = process.inputReader();
    }

    /** @param program what to start; the words about the target come behind it */
    static ResidentPeer start(String name, List<String> program, Target target) throws IOException {
        List<String> line =
                Stream.concat(program.stream(), target.words().stream()).toList();
        return new ResidentPeer(
                name,
                new ProcessBuilder(line)
                        .redirectError(target.file(name.replaceAll("\\W+", "-") + ".err")
                                .toFile())
                        .start());
    }

    /** A class of this benchmark as the program. */
    static ResidentPeer java(String name, Class<?> program, Target target) throws IOException {
        return start(
                name,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName()),
                target);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long exec(String command) throws IOException {
        return nanos(ask("exec", command));
    }

    @Override
    public long connect(String command) throws IOException {
        return nanos(ask("connect", command));
    }

    @Override
    public Burst burst(List<String> hosts, int commands, int concurrency, String command) throws IOException {
        String[] answer = ask(
                        "burst",
                        String.join(",", hosts),
                        String.valueOf(commands),
                        String.valueOf(concurrency),
                        command)
                .split(" ");
        return new Burst(Long.parseLong(answer[0]), commands, Integer.parseInt(answer[1]));
    }

    @Override
    public long output(Path log, String command) throws IOException {
        return nanos(ask("output", log.toString(), command));
    }

    private static long nanos(String answer) {
        return Long.parseLong(answer.strip());
    }

    private String ask(String... words) throws IOException {
        requests.write(Stream.of(words).collect(Collectors.joining("\t", "", "\n")));
        requests.flush();
        String answer = answers.readLine();
        if (answer == null || answer.startsWith("!")) {
            throw new IOException(name + " failed: " + answer);
        }
        return answer;
    }

    /** The process ends with its input. */
    @Override
    public void close() throws IOException, InterruptedException {
        requests.close();
        process.waitFor();
    }
}
