package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A workspace of which nobody who waits for an answer waits on after the cancellation: an agent may be silent for as long as
 * remoting bears it, and who waits has a lease. What the workspace receives comes from a pipe that is broken off instead. Thread-safe.
 */
final class StoppableWorkspace implements Workspace {

    private final Workspace workspace;
    private final Cancellation stop;

    StoppableWorkspace(Workspace workspace, Cancellation stop) {
        this.workspace = workspace;
        this.stop = stop;
    }

    @Override
    public Listing list(String from, FileSelection selection) throws IOException, InterruptedException {
        return answer(() -> workspace.list(from, selection));
    }

    @Override
    public Block read(String base, List<Piece> pieces) throws IOException, InterruptedException {
        return answer(() -> workspace.read(base, pieces));
    }

    @Override
    public String digest(String base, String path, long offset, long length) throws IOException, InterruptedException {
        return answer(() -> workspace.digest(base, path, offset, length));
    }

    @Override
    public Place place(String into, boolean single, String name) throws IOException, InterruptedException {
        return answer(() -> workspace.place(into, single, name));
    }

    @Override
    public List<Found> find(String base, List<Arrival> arrivals) throws IOException, InterruptedException {
        return answer(() -> workspace.find(base, arrivals));
    }

    @Override
    public void receive(String base, List<Arrival> arrivals, Manner manner, InputStream in)
            throws IOException, InterruptedException {
        workspace.receive(base, arrivals, manner, in);
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws IOException, InterruptedException;
    }

    private <T> T answer(Question<T> question) throws IOException, InterruptedException {
        Asking asking = new Asking(Thread.currentThread());
        try (Cancellation.Registration ignored = stop.onCancel(asking::interrupt)) {
            return question.ask();
        } catch (InterruptedException e) {
            stop.throwIfCancelled();
            throw e;
        } finally {
            asking.over();
        }
    }

    /** A thread that waits for an answer, and is interrupted only as long as it does. */
    private static final class Asking {
        private final Thread thread;

        /** Guarded by this. */
        private boolean interrupted;

        /** Guarded by this. */
        private boolean over;

        Asking(Thread thread) {
            this.thread = thread;
        }

        synchronized void interrupt() {
            if (!over) {
                interrupted = true;
                thread.interrupt();
            }
        }

        synchronized void over() {
            over = true;
            if (interrupted) {
                Thread.interrupted(); // it was meant for the question alone
            }
        }
    }
}
