package io.jenkins.plugins.sshexec.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PluginThreadsTest {

    private static final int MOST = 3;
    private static final int LIMIT_SECONDS = 30;

    private final ThreadPoolExecutor pool = PluginThreads.upTo(MOST, "test");
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        pool.shutdownNow();
    }

    @Test
    void anIdleThreadIsUsedAgain() throws Exception {
        for (int task = 0; task < 10; task++) {
            pool.submit(() -> {}).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            await().until(((TransferQueue<?>) pool.getQueue())::hasWaitingConsumer);
        }
        assertThat(pool.getLargestPoolSize()).isEqualTo(1);
    }

    @Test
    void noTaskWaitsWhileThereMayBeMoreThreads() throws Exception {
        CountDownLatch running = new CountDownLatch(MOST);
        for (int task = 0; task < MOST; task++) {
            pool.execute(() -> block(running));
        }
        assertThat(running.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatFindsNoThreadWaitsForOne() throws Exception {
        CountDownLatch running = new CountDownLatch(MOST);
        for (int task = 0; task < MOST; task++) {
            pool.execute(() -> block(running));
        }
        Future<?> waiting = pool.submit(() -> {});
        assertThat(running.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.isDone()).isFalse();
        release.countDown();
        waiting.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** With threads that go as soon as they are idle, as after {@link PluginThreads}' ten seconds. */
    @Test
    void noTaskIsLostWhileThreadsComeAndGo() throws Exception {
        pool.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
        List<Future<?>> tasks = new ArrayList<>();
        for (int task = 0; task < 20_000; task++) {
            tasks.add(pool.submit(() -> {}));
        }
        for (Future<?> task : tasks) {
            task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(pool.getLargestPoolSize()).isLessThanOrEqualTo(MOST);
    }

    @Test
    void afterTheShutdownNothingIsTaken() {
        pool.shutdown();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
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
