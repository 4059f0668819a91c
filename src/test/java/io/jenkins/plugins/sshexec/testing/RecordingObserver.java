package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what is told of a command. */
public final class RecordingObserver implements ExecObserver {

    private final List<String> events = new CopyOnWriteArrayList<>();

    public List<String> events() {
        return events;
    }

    @Override
    public void waiting(int placeInLine) {
        events.add("waiting as number " + placeInLine);
    }

    @Override
    public void starting(boolean reusedSession) {
        events.add(reusedSession ? "starting on a reused session" : "starting on a new session");
    }

    @Override
    public void retrying(SshException failure) {
        events.add("retrying after " + failure.getClass().getSimpleName());
    }

    @Override
    public void survived(List<String> processes) {
        events.add("survived: " + processes);
    }

    @Override
    public void mayStillRun() {
        events.add("may still run");
    }
}
