package io.jenkins.plugins.sshexec.benchmark;

import java.util.Iterator;
import java.util.List;

/**
 * What the command line says.
 *
 * @param rounds that count
 * @param warmUpRounds before them, of which nothing is kept
 */
record Options(int rounds, int warmUpRounds) {

    static final String USAGE = """
              --rounds N     rounds that are measured; 100 if left out
              --warm-up N    rounds before them; 30 if left out
            """;

    /** @throws IllegalArgumentException whose message says what to type instead */
    static Options parse(String... arguments) {
        int rounds = 100;
        int warmUpRounds = 30;
        Iterator<String> left = List.of(arguments).iterator();
        while (left.hasNext()) {
            String option = left.next();
            switch (option) {
                case "--rounds" -> rounds = positive(option, left);
                case "--warm-up" -> warmUpRounds = positive(option, left);
                default -> throw new IllegalArgumentException("There is no option " + option + ".\n\n" + USAGE);
            }
        }
        return new Options(rounds, warmUpRounds);
    }

    private static int positive(String option, Iterator<String> left) {
        try {
            int value = left.hasNext() ? Integer.parseInt(left.next()) : 0;
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // as with no number
        }
        throw new IllegalArgumentException(option + " needs a number from 1.\n\n" + USAGE);
    }
}
