package io.jenkins.plugins.sshexec.core.model;

/** What a user typed is no {@code [user@]host[:port]}. */
public final class MalformedDestinationException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** What is wrong; {@link #part} is the text in question. */
    public enum Problem {
        /** Nothing was typed. */
        MISSING,
        /** The whole is longer than any host and user name. */
        TOO_LONG,
        /** The whole is not of the form. */
        FORM,
        /** The whole is an IPv6 address without brackets. */
        NO_BRACKETS,
        /** In the whole, the host is missing or has a character that no host name has. */
        HOST,
        /** What stands in the brackets is no IPv6 address. */
        NOT_IP6,
        /** The user name has a character that none has. */
        USER,
        /** The port is no number from 1 to 65535. */
        PORT
    }

    private final Problem problem;
    private final String part;

    MalformedDestinationException(Problem problem, String part) {
        super(problem + ": " + part);
        this.problem = problem;
        this.part = part;
    }

    public Problem problem() {
        return problem;
    }

    /** Short and on one line whatever was typed, because it ends up in logs and forms. */
    public String part() {
        return part;
    }
}
