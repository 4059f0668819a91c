package io.jenkins.plugins.sshexec.standalone.faults;

import io.jenkins.plugins.sshexec.standalone.faults.Cell.SessionKind;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnExec;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer.OnOpen;

/**
 * The lines of the fault matrix: what goes wrong, and what the build must give; where that depends on the operation or the
 * session, a line says so. {@code H} in an expected text stands for the host.
 */
enum Fault {
    CONNECTION_REFUSED(
            "FAILURE",
            "ERROR: Could not connect to H \\(connecting\\): Connection refused\\. Check host.*",
            Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) throws Exception {
            stage.proxy().refuse();
            if (stage.session() == SessionKind.REUSED) {
                stage.proxy().cut();
            }
        }

        /** The session that others use is as good as before. */
        @Override
        Expected expected(Operation operation, SessionKind session) {
            return session == SessionKind.SHARED ? operation.done() : super.expected(operation, session);
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

        @Override
        Expected expected(Operation operation, SessionKind session) {
            return operation.copies() ? LOST_WHILE_COPYING : super.expected(operation, session);
        }
    },
    DROP_BEFORE_EXEC_ONCE(Neighbour.LOST) {
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
            stage.work(Work.HALF);
            if (stage.operation().copies()) {
                stage.proxy().cutAfter(stage.operation().direction(), Work.HALF_A_FILE);
            } else if (stage.operation() == Operation.DURABLE) {
                stage.whenThere(() -> {
                    stage.proxy().awaitQuiet();
                    stage.proxy().cut();
                    stage.letGo();
                });
            }
        }

        /** Files that may come again come again. */
        @Override
        Expected expected(Operation operation, SessionKind session) {
            if (operation.copies()) {
                return new Expected(
                        "SUCCESS",
                        "The session to H was lost while files were copied: .* Trying again on another session\\.\n(?s:.*)"
                                + operation.done().log());
            }
            return operation == Operation.DURABLE
                    ? new Expected(
                            "SUCCESS",
                            "The command on .* goes on without its connection, and is looked for: .*\n(?s:.*)"
                                    + "Following the command on .* again\\.\nhalf a line and the rest")
                    : super.expected(operation, session);
        }
    },
    HALF_OPEN("FAILURE", "ERROR: Could not connect to H within 10 s \\(greeting\\)\\. .*", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.proxy().pause();
        }

        @Override
        Patience patience() {
            return Patience.SHORT;
        }
    },
    /** Keepalives would find it too, after a minute at the least. */
    HALF_OPEN_MID_OUTPUT(
            "FAILURE",
            "before\nThe server did not say that the command ended; it may still be running on .*\n(?s:.*)"
                    + "ERROR: The command on H was ended, because it wrote nothing for 4 s"
                    + " \\(idleTimeoutSeconds\\)\\.",
            Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.work(Work.PAUSE);
            if (stage.operation().copies()) {
                stage.parameter("timeoutSeconds: 10");
                stage.proxy().pauseAfter(stage.operation().direction(), Work.HALF_A_FILE);
                return;
            }
            stage.parameter("idleTimeoutSeconds: 4");
            if (stage.operation() == Operation.DURABLE) {
                stage.whenThere(() -> {
                    stage.proxy().awaitQuiet();
                    stage.proxy().pause();
                    stage.proxy().awaitConnection();
                    stage.proxy().resume();
                });
            }
        }

        /** Nobody could be asked to remove what had come. */
        @Override
        boolean tidied() {
            return false;
        }

        /** A durable command is ended over another connection. */
        @Override
        Expected expected(Operation operation, SessionKind session) {
            if (operation.copies()) {
                return NOT_ALL_COPIED;
            }
            return operation == Operation.DURABLE
                    ? new Expected(
                            "FAILURE",
                            "before\n(?s:.*)ERROR: The command on H was ended, because it wrote nothing for 4 s"
                                    + " \\(idleTimeoutSeconds\\)\\.")
                    : super.expected(operation, session);
        }
    },
    NO_ANSWER_TO_EXEC("FAILURE", "ERROR: The session to H was lost while the command ran: .*", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            if (stage.operation() != Operation.EXEC) {
                stage.server().hangsOneExec();
            } else {
                stage.server().onExec(OnExec.HANG);
            }
        }

        /** Sending a launch again starts no second command, nor does a file that comes again do harm. */
        @Override
        Expected expected(Operation operation, SessionKind session) {
            return operation == Operation.EXEC ? super.expected(operation, session) : operation.done();
        }

        @Override
        Patience patience() {
            return Patience.SHORT;
        }
    },
    HANG(
            "FAILURE",
            "ERROR: The command on H was ended, because it took longer than 10 s \\(timeoutSeconds\\)\\.",
            Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.work(Work.UNTIL_TERM);
            stage.parameter("timeoutSeconds: 10");
        }

        @Override
        Expected expected(Operation operation, SessionKind session) {
            return operation.copies() ? NOT_ALL_COPIED : super.expected(operation, session);
        }
    },
    INTERRUPT("ABORTED", "until TERM", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.work(Work.UNTIL_TERM);
            stage.around("timeout(time: 10, unit: 'SECONDS') { %s }");
        }

        @Override
        Expected expected(Operation operation, SessionKind session) {
            return operation.copies()
                    ? new Expected("ABORTED", "tester@.* session\\): (putting|getting) .*")
                    : super.expected(operation, session);
        }
    },
    EXIT_1("FAILURE", "ERROR: The command on 127\\.0\\.0\\.1 returned exit status 1\\.", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.work(Work.EXIT_1);
        }

        @Override
        Expected expected(Operation operation, SessionKind session) {
            return operation.copies()
                    ? new Expected(
                            "FAILURE",
                            "ERROR: H let Jenkins log in but has no SFTP for this user, so no file was copied: .*")
                    : super.expected(operation, session);
        }
    },
    SIGNAL("FAILURE", "ERROR: The command on 127\\.0\\.0\\.1 was ended by signal SEGV\\.", Neighbour.GOES_ON) {
        @Override
        void arrange(FaultStage stage) {
            stage.work(Work.KILL_SEGV);
        }

        /** However often it is tried. */
        @Override
        Expected expected(Operation operation, SessionKind session) {
            return operation.copies() ? LOST_WHILE_COPYING : super.expected(operation, session);
        }
    },
    SERVER_RESTART(Neighbour.LOST) {
        @Override
        void arrange(FaultStage stage) {
            stage.server().dropConnections();
        }
    };

    /** What a build must give. */
    record Expected(String result, String log) {}

    private static final Expected LOST_WHILE_COPYING = new Expected(
            "FAILURE",
            "ERROR: The session to H was lost while files were copied: .*"
                    + " Files that had arrived are in place, and no other has changed; run the step again\\.");

    private static final Expected NOT_ALL_COPIED =
            new Expected("FAILURE", "ERROR: The files were not all copied within 10 s \\(timeoutSeconds\\); .*");

    /** What becomes of the command that shares the session. */
    enum Neighbour {
        GOES_ON,
        LOST
    }

    /** How long the controller waits for answers. */
    enum Patience {
        /** Longer than anything takes, however busy the machine. */
        LONG(30),
        /** So that what never comes is waited for. */
        SHORT(10);

        private final int connectTimeoutSeconds;

        Patience(int connectTimeoutSeconds) {
            this.connectTimeoutSeconds = connectTimeoutSeconds;
        }

        int connectTimeoutSeconds() {
            return connectTimeoutSeconds;
        }
    }

    /** Null where the step gets over it. */
    private final Expected expected;

    private final Neighbour neighbour;

    /** @param log a regular expression found in the log, whose lines are matched whole */
    Fault(String result, String log, Neighbour neighbour) {
        this.expected = new Expected(result, log);
        this.neighbour = neighbour;
    }

    /** Of a fault that the step gets over. */
    Fault(Neighbour neighbour) {
        this.expected = null;
        this.neighbour = neighbour;
    }

    /** Makes it happen to the step that comes next, or to what is open now. */
    abstract void arrange(FaultStage stage) throws Exception;

    Expected expected(Operation operation, SessionKind session) {
        return expected == null ? operation.done() : expected;
    }

    /** Whether nothing is left of a file that did not become complete. */
    boolean tidied() {
        return true;
    }

    Patience patience() {
        return Patience.LONG;
    }

    Neighbour neighbour() {
        return neighbour;
    }
}
