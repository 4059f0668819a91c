package io.jenkins.plugins.sshexec.standalone.faults;

import java.nio.file.Path;

/** What a step has to do, in the words of the server's script and in those of a shell. */
enum Work {
    SAY("say", "echo said"),
    /** Writes half a line, and is cut off; or, durable, waits for the stage to do that. */
    HALF("half", "printf \"half a line\"; touch %s; until [ -e %s ]; do sleep 0.1; done; echo \" and the rest\""),
    /** Writes a line, and then nothing comes any more. */
    PAUSE("pause", "echo before; touch %s; exec sleep 1000"),
    UNTIL_TERM("until-term", "echo until TERM; exec sleep 1000"),
    EXIT_1("exit 1", "exit 1"),
    KILL_SEGV("kill SEGV", "kill -SEGV $$; sleep 1");

    private final String words;
    private final String shell;

    Work(String words, String shell) {
        this.words = words;
        this.shell = shell;
    }

    String words() {
        return words;
    }

    /**
     * @param there is made when the command has come to where the stage has something to do
     * @param go is awaited where the command is to go on after that
     */
    String shell(Path there, Path go) {
        return shell.formatted(there, go);
    }
}
