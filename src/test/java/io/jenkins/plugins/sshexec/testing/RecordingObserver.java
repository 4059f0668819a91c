package io.jenkins.plugins.sshexec.testing;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.exec.ExecObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what is told of a command. */
public final class RecordingObserver implements ExecObserver {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Map<String, Error> failures = new ConcurrentHashMap<>();

    public List<String> events() {
        return events;
    }

    /** From now on fails on this event, after writing it down. */
    public void failOn(String event, Error failure) {
        failures.put(event, failure);
    }

    private void add(String event) {
        events.add(event);
        Error failure = failures.get(event);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void waiting(int placeInLine) {
        add("waiting as number " + placeInLine);
    }

    @Override
    public void paused() {
        add("paused");
    }

    @Override
    public void connectingAgain(SshException failure) {
        events.add("connecting again after " + failure.getClass().getSimpleName());
    }

    @Override
    public void starting(boolean reusedSession) {
        add(reusedSession ? "starting on a reused session" : "starting on a new session");
    }

    @Override
    public void retrying(SshException failure) {
        add("retrying after " + failure.getClass().getSimpleName());
    }

    @Override
    public void survived(List<String> processes) {
        add("survived: " + processes);
    }

    @Override
    public void mayStillRun() {
        add("may still run");
    }
}
