package io.jenkins.plugins.sshexec.core.error;

import io.jenkins.plugins.sshexec.core.model.Endpoint;

/** The server and Jenkins have no algorithm of some kind in common (RFC 4253 section 7.1). */
public final class NegotiationFailed extends SshException {
    private static final long serialVersionUID = 1L;

    private final AlgorithmKind kind;
    private final String offered;
    private final String allowed;
    private final boolean legacyWouldDo;

    /**
     * @param offered by the server, comma separated
     * @param allowed here, comma separated
     * @param legacyWouldDo whether the server offers one that {@link
     *     io.jenkins.plugins.sshexec.core.model.Algorithms#LEGACY} would allow
     */
    public NegotiationFailed(
            Endpoint endpoint,
            AlgorithmKind kind,
            String offered,
            String allowed,
            boolean legacyWouldDo,
            Throwable cause) {
        super(
                endpoint,
                Stage.KEY_EXCHANGE,
                "no " + kind + " in common: the server offers " + offered + ", allowed is " + allowed,
                cause);
        this.kind = kind;
        this.offered = offered;
        this.allowed = allowed;
        this.legacyWouldDo = legacyWouldDo;
    }

    public AlgorithmKind kind() {
        return kind;
    }

    public String offered() {
        return offered;
    }

    public String allowed() {
        return allowed;
    }

    public boolean legacyWouldDo() {
        return legacyWouldDo;
    }
}
