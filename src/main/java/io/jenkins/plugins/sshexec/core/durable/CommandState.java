package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.transport.RemoteExit;
import java.util.List;
import java.util.Optional;

/**
 * What {@code status.sh} has found.
 *
 * @param exit how the command ended, where it has
 * @param size of all of its output, where it has ended
 * @param diskFull whether the disk was full when it ended
 * @param beats heartbeats of the wrapper so far, where that was not found; empty for other kinds
 */
record CommandState(Kind kind, Optional<RemoteExit> exit, Offsets size, boolean diskFull, String beats) {

    enum Kind {
        FINISHED,
        RUNNING,
        /** It runs, and the disk is full. */
        FULL,
        /** Its folder is being made. */
        LAUNCHING,
        /** It was ended from here, and left no result. */
        ENDED,
        /** There is no folder. */
        ABSENT,
        /** There is no wrapper, and no result. */
        DEAD,
        /** As {@link #DEAD}, and the machine has been started since. */
        REBOOTED
    }

    /** Empty where the answer is none. */
    static Optional<CommandState> of(ScriptAnswer answer) {
        List<String> lines = answer.lines();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String[] words = lines.get(lines.size() - 1).split(" +");
        try {
            return Optional.of(parse(words));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty(); // cut off, or not what was asked for
        }
    }

    private static CommandState parse(String[] words) {
        return switch (words[0]) {
            case "finished" ->
                new CommandState(
                        Kind.FINISHED,
                        Optional.of(exit(words[1], words[2])),
                        new Offsets(Long.parseLong(words[3]), Long.parseLong(words[4])),
                        words.length > 5 && words[5].equals("full"),
                        "");
            case "running" -> plain(Kind.RUNNING, "");
            case "full" -> plain(Kind.FULL, "");
            case "launching" -> plain(Kind.LAUNCHING, "");
            case "ended" -> plain(Kind.ENDED, "");
            case "absent" -> plain(Kind.ABSENT, "");
            case "dead" -> plain(Kind.DEAD, words.length > 1 ? words[1] : "");
            case "rebooted" -> plain(Kind.REBOOTED, words.length > 1 ? words[1] : "");
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static CommandState plain(Kind kind, String beats) {
        return new CommandState(kind, Optional.empty(), Offsets.NONE, false, beats);
    }

    private static RemoteExit exit(String how, String what) {
        return switch (how) {
            case "exited" -> new RemoteExit.Exited(Integer.parseInt(what));
            case "signalled" -> new RemoteExit.Signalled(what);
            default -> throw new IllegalArgumentException(how);
        };
    }
}
