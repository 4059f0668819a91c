package io.jenkins.plugins.sshexec.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Timers that go off when the test says so, by a {@link ManualClock}. Knows one-time timers alone. Thread-safe. */
public final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService {

    private final ManualClock clock;

    /** Guarded by {@code this}. */
    private final List<Timer> timers = new ArrayList<>();

    /** Guarded by {@code this}. */
    private boolean shutDown;

    public ManualScheduler(ManualClock clock) {
        this.clock = clock;
    }

    /** Runs the timers that are due, on the calling thread, in the order of their times. */
    public void runDue() {
        List<Timer> due;
        synchronized (this) {
            due = timers.stream()
                    .filter(timer -> timer.getDelay(TimeUnit.NANOSECONDS) <= 0)
                    .sorted(Comparator.comparingLong(timer -> timer.getDelay(TimeUnit.NANOSECONDS)))
                    .toList();
            timers.removeAll(due);
        }
        due.forEach(Timer::run);
    }

    /** Timers neither run nor cancelled. */
    public synchronized int pending() {
        return (int) timers.stream().filter(timer -> !timer.isCancelled()).count();
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        if (shutDown) {
            throw new RejectedExecutionException();
        }
        Timer timer = new Timer(command, clock.nanoTime() + unit.toNanos(delay));
        timers.add(timer);
        return timer;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public synchronized void shutdown() {
        shutDown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        return Collections.emptyList();
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    private final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final long atNanos;

        Timer(Runnable command, long atNanos) {
            super(command, null);
            this.atNanos = atNanos;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - clock.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
