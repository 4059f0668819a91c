package io.jenkins.plugins.sshexec.core.transport;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.time.NanoClock;
import io.jenkins.plugins.sshexec.core.time.Timings;
import io.jenkins.plugins.sshexec.core.time.Timings.Part;
import java.time.Duration;

/** Another transport, whose connects and checks are measured. Thread-safe. */
public final class TimedTransport implements SshTransport {

    private final SshTransport transport;
    private final Timings timings;
    private final NanoClock clock;

    public TimedTransport(SshTransport transport, Timings timings, NanoClock clock) {
        this.transport = transport;
        this.timings = timings;
        this.clock = clock;
    }

    @Override
    public SshSession connect(SessionSpec spec, Duration timeout, Cancellation cancellation) throws SshException {
        long startNanos = clock.nanoTime();
        SshSession session = transport.connect(spec, timeout, cancellation);
        timings.took(Part.CONNECT, since(startNanos));
        return new TimedSession(session);
    }

    private Duration since(long startNanos) {
        return Duration.ofNanos(clock.nanoTime() - startNanos);
    }

    private final class TimedSession implements SshSession {

        private final SshSession session;

        TimedSession(SshSession session) {
            this.session = session;
        }

        @Override
        public boolean check(Duration timeout, Cancellation cancellation) {
            long startNanos = clock.nanoTime();
            boolean alive = session.check(timeout, cancellation);
            timings.took(Part.CHECK, since(startNanos));
            return alive;
        }

        @Override
        public boolean isOpen() {
            return session.isOpen();
        }

        @Override
        public RemoteProcess start(
                RemoteCommand command, OutputSink output, Duration timeout, Cancellation cancellation)
                throws SshException {
            return session.start(command, output, timeout, cancellation);
        }

        @Override
        public RemoteFiles openFiles(Duration timeout, Cancellation cancellation) throws SshException {
            return session.openFiles(timeout, cancellation);
        }

        @Override
        public void tryChannel(Duration timeout) throws SshException {
            session.tryChannel(timeout);
        }

        @Override
        public SessionFacts facts() {
            return session.facts();
        }

        @Override
        public void close() {
            session.close();
        }

        @Override
        public String toString() {
            return session.toString();
        }
    }
}
