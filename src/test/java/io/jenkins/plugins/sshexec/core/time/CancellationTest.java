package io.jenkins.plugins.sshexec.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {

    private final Cancellation cancellation = new Cancellation();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void actionRunsOnceOnCancellation() {
        cancellation.onCancel(runs::incrementAndGet);
        assertThat(runs).hasValue(0);
        cancellation.cancel();
        cancellation.cancel();
        assertThat(runs).hasValue(1);
    }

    @Test
    void actionRunsAtOnceIfCancelledAlready() {
        cancellation.cancel();
        cancellation.onCancel(runs::incrementAndGet).close();
        assertThat(runs).hasValue(1);
    }

    @Test
    void closedRegistrationDoesNotRun() {
        Cancellation.Registration registration = cancellation.onCancel(runs::incrementAndGet);
        registration.close();
        registration.close();
        cancellation.cancel();
        assertThat(runs).hasValue(0);
    }

    @Test
    void closingOneRegistrationLeavesAnEqualOne() {
        Runnable action = runs::incrementAndGet;
        Cancellation.Registration first = cancellation.onCancel(action);
        cancellation.onCancel(action);
        first.close();
        cancellation.cancel();
        assertThat(runs).hasValue(1);
    }

    @Test
    void actionMayRegisterAndCancelWithoutDeadlock() {
        cancellation.onCancel(() -> {
            cancellation.cancel();
            cancellation.onCancel(runs::incrementAndGet);
        });
        cancellation.cancel();
        assertThat(runs).hasValue(1);
    }

    @Test
    void throwsOnceCancelled() {
        assertThatCode(cancellation::throwIfCancelled).doesNotThrowAnyException();
        assertThat(cancellation.isCancelled()).isFalse();
        cancellation.cancel();
        assertThat(cancellation.isCancelled()).isTrue();
        assertThatThrownBy(cancellation::throwIfCancelled).isInstanceOf(CancellationException.class);
    }

    /** Whichever comes first: each action runs exactly once. */
    @Test
    void registeringWhileAnotherThreadCancels() throws Exception {
        for (int round = 0; round < 200; round++) {
            Cancellation raced = new Cancellation();
            CountDownLatch go = new CountDownLatch(1);
            Thread canceller = new Thread(() -> {
                await(go);
                raced.cancel();
            });
            canceller.start();
            AtomicInteger ran = new AtomicInteger();
            go.countDown();
            for (int i = 0; i < 20; i++) {
                raced.onCancel(ran::incrementAndGet);
            }
            canceller.join();
            assertThat(ran).hasValue(20);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
