package io.jenkins.plugins.sshexec.core.durable;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.util.List;

/** A launch that is broken off as long as it waits for a session, and no more once it may be on its way. Thread-safe. */
final class Launch implements ExecObserver {

    private final ExecObserver observer;
    private final Cancellation cancellation = new Cancellation();

    /** Guarded by this. */
    private boolean sending;

    /** Guarded by this. */
    private boolean stopped;

    Launch(ExecObserver observer) {
        this.observer = observer;
    }

    /** For the exec request. */
    Cancellation cancellation() {
        return cancellation;
    }

    void stop() {
        synchronized (this) {
            stopped = true;
            if (sending) {
                return;
            }
        }
        cancellation.cancel();
    }

    @Override
    public void waiting(int placeInLine) {
        observer.waiting(placeInLine);
    }

    @Override
    public void paused() {
        observer.paused();
    }

    @Override
    public void starting(boolean reusedSession) {
        synchronized (this) {
            sending = true;
        }
        observer.starting(reusedSession);
    }

    @Override
    public void retrying(SshException failure) {
        notSent();
        observer.retrying(failure);
    }

    @Override
    public void connectingAgain(SshException failure) {
        notSent();
        observer.connectingAgain(failure);
    }

    private void notSent() {
        boolean cancel;
        synchronized (this) {
            sending = false;
            cancel = stopped;
        }
        if (cancel) {
            cancellation.cancel();
        }
    }

    @Override
    public void survived(List<String> processes) {
        observer.survived(processes);
    }

    @Override
    public void mayStillRun() {
        observer.mayStillRun();
    }
}
