package io.jenkins.plugins.sshexec.core.exec;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a command reads on its stdin: pieces, each of which is sent once the ones before it are and it is there. The input ends
 * after the last, or with the first whose stage fails.
 */
public record CommandInput(List<CompletionStage<InputSource>> pieces) {

    public CommandInput {
        pieces = List.copyOf(pieces);
    }

    /**
     * @param bytes sent as soon as the command has started
     * @param end when it completes, in whichever way, the input ends; at once where it has completed already
     */
    public static CommandInput of(byte[] bytes, CompletionStage<?> end) {
        InputSource nothing = InputSource.of(new byte[0]);
        return new CommandInput(List.of(
                CompletableFuture.completedFuture(InputSource.of(bytes.clone())),
                end.handle((none, failure) -> nothing)));
    }

    /** Without the bytes, which may hold what should not be logged. */
    @Override
    public String toString() {
        return "CommandInput[" + pieces.size() + " pieces]";
    }
}
