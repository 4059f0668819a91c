package io.jenkins.plugins.sshexec.standalone;

import hudson.AbortException;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.core.model.Destination;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the command line says.
 *
 * @param host null for the demo server
 * @param key null for a password, or where there is no host
 * @param secretFromInput whether standard input has the password, or the passphrase of the key
 * @param knownHosts null for the files that ssh(1) reads
 */
record Options(
        Path jenkinsfile,
        Destination host,
        Path key,
        boolean secretFromInput,
        Path knownHosts,
        int builds,
        boolean help) {

    static final String USAGE = """
            Runs a Jenkinsfile with sshExec steps, as several builds one after the other, and shows their logs.

              --jenkinsfile FILE          the Jenkinsfile; standalone/examples/Jenkinsfile if left out
              --host [USER@]HOST[:PORT]   a host of yours, as env.SSH_HOST; a demo server on this machine if left out
              --key FILE                  the private key to log in with
              --password-stdin            reads the password, or the passphrase of the key, from standard input
              --known-hosts FILE          the host's key; the files that ssh reads if left out
              --builds N                  how many builds; 2 if left out
              --help                      this text
            """;

    /** @throws IllegalArgumentException whose message says what to type instead */
    static Options parse(Path examples, String... arguments) {
        Path jenkinsfile = examples.resolve("Jenkinsfile");
        Destination host = null;
        Path key = null;
        Path knownHosts = null;
        boolean secretFromInput = false;
        boolean help = false;
        int builds = 2;
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--jenkinsfile" -> jenkinsfile = Path.of(value(option, left));
                case "--host" -> host = host(value(option, left));
                case "--key" -> key = Path.of(value(option, left));
                case "--password-stdin" -> secretFromInput = true;
                case "--known-hosts" ->
                    knownHosts = Path.of(value(option, left)).toAbsolutePath();
                case "--builds" -> builds = positive(option, value(option, left));
                case "--help" -> help = true;
                default -> throw new IllegalArgumentException("There is no option " + option + ".");
            }
        }
        if (host != null && key == null && !secretFromInput) {
            throw new IllegalArgumentException("With --host comes --key or --password-stdin.");
        }
        if (host == null && (key != null || secretFromInput || knownHosts != null)) {
            throw new IllegalArgumentException("--key, --password-stdin and --known-hosts are for a --host.");
        }
        return new Options(jenkinsfile, host, key, secretFromInput, knownHosts, builds, help);
    }

    private static Destination host(String typed) {
        try {
            return ExecCall.destination(typed);
        } catch (AbortException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value.");
        }
        return left.pop();
    }

    private static int positive(String option, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " needs a number, and " + text + " is none.", e);
        }
        throw new IllegalArgumentException(option + " needs a number above 0.");
    }
}
