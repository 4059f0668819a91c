package io.jenkins.plugins.sshexec.standalone.faults;

import java.util.List;
import java.util.stream.Stream;

/** One cell of the fault matrix. */
record Cell(Operation operation, Fault fault, SessionKind session) {

    /** The session on which the operation comes. */
    enum SessionKind {
        /** There is none yet. */
        NEW,
        /** One on which an earlier build ran a command. */
        REUSED,
        /** One on which another build's command runs. */
        SHARED
    }

    static List<Cell> all() {
        return Stream.of(Fault.values())
                .flatMap(fault -> Stream.of(Operation.values()).flatMap(operation -> Stream.of(SessionKind.values())
                        .map(kind -> new Cell(operation, fault, kind))))
                .toList();
    }

    Fault.Expected expected() {
        return fault.expected(operation, session);
    }

    @Override
    public String toString() {
        return operation + ", " + fault + " on a " + session + " session";
    }
}
