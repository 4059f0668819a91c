package io.jenkins.plugins.sshexec.benchmark;

import java.nio.file.Path;
import java.util.List;

/**
 * What is to be measured, and how thoroughly.
 *
 * @param cases their names
 * @param effort 1 for figures to publish; less for a look whether all works, more for a closer look
 * @param directory for the report
 */
record Options(List<String> cases, double effort, Path directory) {

    /** So many rounds at the effort that was asked for, but at least one. */
    int rounds(int atFullEffort) {
        return Math.max(1, (int) Math.round(atFullEffort * effort));
    }

    /** So much of an amount that can be divided, in whole units. */
    long amount(long atFullEffort) {
        return Math.max(1, Math.round(atFullEffort * Math.min(1, effort)));
    }
}
