package io.jenkins.plugins.sshexec.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitedExecutorTest {

    private static final int MOST = 3;
    private static final int LIMIT_SECONDS = 30;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LimitedExecutor executor = new LimitedExecutor(MOST, threads);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Throwable> failures = new ArrayList<>();

    @AfterEach
    void close() {
        release.countDown();
        threads.shutdownNow();
    }

    @Test
    void whatFindsNoPlaceWaitsInItsOrder() throws Exception {
        LimitedExecutor one = new LimitedExecutor(1, threads);
        CountDownLatch running = new CountDownLatch(1);
        one.execute(() -> block(running));
        List<Integer> order = new ArrayList<>();
        CountDownLatch waited = new CountDownLatch(100);
        for (int task = 0; task < 100; task++) {
            int number = task;
            one.execute(() -> {
                order.add(number);
                waited.countDown();
            });
        }
        await(running);
        assertThat(waited.getCount()).isEqualTo(100);
        release.countDown();
        await(waited);
        assertThat(order).isSorted().hasSize(100);
    }

    @Test
    void neverDoMoreRunAtOnceAndNoneIsLost() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(20_000);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        for (int task = 0; task < 5_000; task++) {
                            executor.execute(() -> {
                                mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
                                running.decrementAndGet();
                                all.countDown();
                            });
                        }
                    },
                    threads));
        }
        await(all);
        assertThat(mostAtOnce.get()).isBetween(1, MOST);
        callers.forEach(CompletableFuture::join);
    }

    @Test
    void aTaskThatFailsOrIsInterruptedTakesNothingFromTheNext() throws Exception {
        LimitedExecutor one = new LimitedExecutor(
                1,
                task -> threads.execute(() -> {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
                    task.run();
                }));
        CountDownLatch begun = new CountDownLatch(1);
        one.execute(() -> {
            block(begun);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("of the task");
        });
        await(begun);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        one.execute(() -> interrupted.complete(Thread.currentThread().isInterrupted()));
        release.countDown();
        assertThat(interrupted.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatTheThreadsRefuseIsRefusedAndWhatWaitsIsRun() throws Exception {
        fill();
        CountDownLatch waited = new CountDownLatch(1);
        executor.execute(waited::countDown);
        threads.shutdown();
        release.countDown();
        await(waited);
        assertThat(threads.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (int task = 0; task <= MOST; task++) { // of which none keeps its place
            assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    /** Comes back once as many tasks run as may. */
    private void fill() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(MOST);
        for (int task = 0; task < MOST; task++) {
            executor.execute(() -> block(running));
        }
        await(running);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void block(CountDownLatch running) {
        running.countDown();
        try {
            release.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
