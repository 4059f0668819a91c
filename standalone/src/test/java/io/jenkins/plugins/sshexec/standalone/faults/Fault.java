package io.jenkins.plugins.sshexec.standalone.faults;

import io.jenkins.plugins.sshexec.standalone.faults.FaultStage.SessionKind;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnExec;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;

/**
 * The lines of the fault matrix: what goes wrong, and what the build must give for each kind of session. {@code H} in an
 * expected text stands for the host.
 */
enum Fault {
    CONNECTION_REFUSED(
            "FAILURE",
            "ERROR: Could not connect to H \\(connecting\\): Connection refused\\. Check host.*",
            Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) throws Exception {
            stage.proxy().refuse();
            if (stage.kind() == SessionKind.REUSED) {
                stage.proxy().cut();
            }
        }

        /** The session that others use is as good as before. */
        @Override
        Expected expected(SessionKind kind) {
            return kind == SessionKind.SHARED ? new Expected("SUCCESS", "said") : super.expected(kind);
        }
    },
    LOGIN_REFUSED("FAILURE", "ERROR: H refused the login of tester: tried a password; .*", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.credentials("wrong");
        }
    },
    HOST_KEY_CHANGED("FAILURE", "ERROR: THE HOST KEY OF H HAS CHANGED: .*", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) throws Exception {
            stage.trustAnotherKey();
        }
    },
    CHANNEL_REFUSED(
            "FAILURE",
            "ERROR: H refused to open a channel, even on a session of its own; see MaxSessions .*",
            Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.server().onOpen(OnOpen.REFUSE);
        }
    },
    DROP_BEFORE_EXEC(
            "FAILURE",
            "ERROR: The session to H was lost before the command was sent, so nothing was run: .*",
            Neighbour.LOST) {
        @Override
        void arrange(FaultStage stage) {
            stage.server().onOpen(OnOpen.DROP);
        }
    },
    DROP_BEFORE_EXEC_ONCE("SUCCESS", "said", Neighbour.LOST) {
        @Override
        void arrange(FaultStage stage) {
            stage.server().dropsOneOpen();
        }
    },
    DROP_MID_OUTPUT(
            "FAILURE",
            "half a line\n(?s:.*)ERROR: The session to H was lost while the command ran: .*"
                    + " The command may have done its work, in part or in whole, or still be running\\.",
            Neighbour.LOST) {
        @Override
        void arrange(FaultStage stage) {
            stage.command("half");
        }
    },
    HALF_OPEN("FAILURE", "ERROR: Could not connect to H within 2 s \\(greeting\\)\\. .*", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.connectTimeoutSeconds(2);
            stage.proxy().pause();
        }
    },
    /** Keepalives would find it too, after a minute at the least. */
    HALF_OPEN_MID_OUTPUT(
            "FAILURE",
            "before\nThe server did not say that the command ended; it may still be running on .*\n(?s:.*)"
                    + "ERROR: The command on H was ended, because it wrote nothing for 1 s"
                    + " \\(idleTimeoutSeconds\\)\\.",
            Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.command("pause");
            stage.parameter("idleTimeoutSeconds: 1");
        }
    },
    NO_ANSWER_TO_EXEC("FAILURE", "ERROR: The session to H was lost while the command ran: .*", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.connectTimeoutSeconds(3);
            stage.server().onExec(OnExec.HANG);
        }
    },
    HANG(
            "FAILURE",
            "ERROR: The command on H was ended, because it took longer than 4 s \\(timeoutSeconds\\)\\.",
            Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.command("until-term");
            stage.parameter("timeoutSeconds: 4");
        }
    },
    INTERRUPT("ABORTED", "until TERM", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.command("until-term");
            stage.around("timeout(time: 4, unit: 'SECONDS') { %s }");
        }
    },
    EXIT_1("FAILURE", "ERROR: The command on 127\\.0\\.0\\.1 returned exit status 1\\.", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.command("exit 1");
        }
    },
    SIGNAL("FAILURE", "ERROR: The command on 127\\.0\\.0\\.1 was ended by signal SEGV\\.", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.command("kill SEGV");
        }
    },
    SERVER_RESTART("SUCCESS", "said", Neighbour.LOST) {
        @Override
        void arrange(FaultStage stage) {
            stage.server().dropConnections();
        }
    };

    /** What a build must give. */
    record Expected(String result, String log) {}

    /** What becomes of the command that shares the session. */
    enum Neighbour {
        GOES_ON,
        LOST
    }

    private final Expected expected;
    private final Neighbour neighbour;

    /** @param log a regular expression found in the log, whose lines are matched whole */
    Fault(String result, String log, Neighbour neighbour) {
        this.expected = new Expected(result, log);
        this.neighbour = neighbour;
    }

    /** Makes it happen to the command that comes next, or to what is open now. */
    abstract void arrange(FaultStage stage) throws Exception;

    Expected expected(SessionKind kind) {
        return expected;
    }

    Neighbour neighbour() {
        return neighbour;
    }
}
