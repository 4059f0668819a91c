package io.jenkins.plugins.sshexec.standalone.faults;

import io.jenkins.plugins.sshexec.testing.RemoteCall;
import java.io.IOException;
import java.nio.file.Path;

/** What a step has to do: in the words of the server's script, in those of a shell, and as what the server does for files. */
enum Work {
    SAY("say", "echo said", RemoteCall::serveFiles),
    /** Writes half a line, and is cut off; or, durable, waits for the stage to do that. */
    HALF(
            "half",
            "printf \"half a line\"; touch %s; until [ -e %s ]; do sleep 0.1; done; echo \" and the rest\"",
            RemoteCall::serveFiles),
    /** Writes a line, and then nothing comes any more. */
    PAUSE("pause", "echo before; touch %s; exec sleep 1000", RemoteCall::serveFiles),
    UNTIL_TERM("until-term", "echo until TERM; exec sleep 1000", call -> call.serveFilesUntilSilent(Work.HALF_A_FILE)),
    EXIT_1("exit 1", "exit 1", call -> call.exit(1)),
    KILL_SEGV("kill SEGV", "kill -SEGV $$; sleep 1", call -> call.serveFilesUntilKilled(Work.HALF_A_FILE));

    /** The length of a file that is copied; little enough for the buffers on its way, so that nobody is held up by them. */
    static final int FILE_BYTES = 100_000;

    static final int HALF_A_FILE = FILE_BYTES / 2;

    /** What the server does with a channel for files. */
    @FunctionalInterface
    private interface Files {
        void serve(RemoteCall call) throws IOException, InterruptedException;
    }

    private final String words;
    private final String shell;
    private final Files files;

    Work(String words, String shell, Files files) {
        this.words = words;
        this.shell = shell;
        this.files = files;
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

    void serveFiles(RemoteCall call) throws IOException, InterruptedException {
        files.serve(call);
    }
}
