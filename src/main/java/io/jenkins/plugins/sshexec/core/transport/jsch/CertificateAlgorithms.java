package io.jenkins.plugins.sshexec.core.transport.jsch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names of the algorithms by which a key signs that has an OpenSSH certificate (PROTOCOL.certkeys of OpenSSH): those of the
 * key alone with an ending.
 */
final class CertificateAlgorithms {

    private static final String ENDING = "-cert-v01@openssh.com";

    private CertificateAlgorithms() {}

    static boolean contains(String algorithm) {
        return algorithm.endsWith(ENDING) && algorithm.length() > ENDING.length();
    }

    /** As the other, for a word in a longer text. */
    static boolean contains(byte[] text, int from, int to) {
        byte[] ending = ENDING.getBytes(StandardCharsets.US_ASCII);
        return to - from > ending.length && Arrays.equals(text, to - ending.length, to, ending, 0, ending.length);
    }

    /** That of the key alone. */
    static String plain(String algorithm) {
        return contains(algorithm) ? algorithm.substring(0, algorithm.length() - ENDING.length()) : algorithm;
    }

    /** For a list of algorithms, those of certificates first: one for each that is in the list. */
    static List<String> before(List<String> algorithms) {
        List<String> plain =
                algorithms.stream().map(CertificateAlgorithms::plain).distinct().toList();
        return Stream.concat(plain.stream().map(algorithm -> algorithm + ENDING), plain.stream())
                .toList();
    }
}
