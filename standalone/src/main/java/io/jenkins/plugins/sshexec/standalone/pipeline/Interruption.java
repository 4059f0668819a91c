package io.jenkins.plugins.sshexec.standalone.pipeline;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * Stops whatever runs inside a block: the build, a branch, a {@code timeout}. As in Jenkins only steps can be stopped, and
 * Groovy code between them runs on until the next one.
 */
final class Interruption {
    /** Null for the whole build's. */
    private final Interruption outer;

    // @GuardedBy("this")
    private final Set<Stopper> running = new LinkedHashSet<>();

    // @GuardedBy("this")
    private FlowInterruptedException cause;

    /** Stops one running step, which then ends with the cause. */
    interface Stopper {
        void stop(FlowInterruptedException cause);
    }

    Interruption(Interruption outer) {
        this.outer = outer;
    }

    /** Stops what runs inside now, and all that is started there later; the first cause counts. */
    void stop(FlowInterruptedException why) {
        List<Stopper> stoppers;
        synchronized (this) {
            if (cause != null) {
                return;
            }
            cause = why;
            stoppers = List.copyOf(running);
        }
        stoppers.forEach(stopper -> stopper.stop(why));
    }

    /** Waits for what runs inside this block, and stops it when the block or one around it is stopped. */
    <T> T await(CompletableFuture<T> result, Stopper stopper) throws Exception {
        try {
            for (Interruption block = this; block != null; block = block.outer) {
                FlowInterruptedException stopped = block.register(stopper);
                if (stopped != null) {
                    stopper.stop(stopped);
                    break;
                }
            }
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        } finally {
            for (Interruption block = this; block != null; block = block.outer) {
                block.unregister(stopper);
            }
        }
    }

    /** Fails in a block that has been stopped, before anything new is started there. */
    void check() throws FlowInterruptedException {
        for (Interruption block = this; block != null; block = block.outer) {
            synchronized (block) {
                if (block.cause != null) {
                    throw block.cause;
                }
            }
        }
    }

    private synchronized FlowInterruptedException register(Stopper stopper) {
        if (cause == null) {
            running.add(stopper);
        }
        return cause;
    }

    private synchronized void unregister(Stopper stopper) {
        running.remove(stopper);
    }
}
