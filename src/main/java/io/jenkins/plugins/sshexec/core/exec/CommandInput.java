package io.jenkins.plugins.sshexec.core.exec;

import java.util.concurrent.CompletionStage;

/**
 * What a command reads on its stdin.
 *
 * @param bytes sent as soon as the command has started
 * @param end when it completes, in whichever way, the input ends; at once where it has completed already
 */
public record CommandInput(byte[] bytes, CompletionStage<?> end) {

    public CommandInput {
        bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Without the bytes, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "CommandInput[" + bytes.length + " bytes]";
    }
}
