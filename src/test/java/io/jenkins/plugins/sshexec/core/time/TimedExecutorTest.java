package io.jenkins.plugins.sshexec.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TimedExecutorTest {

    private static final Executor SHUT_DOWN = task -> {
        throw new RejectedExecutionException();
    };

    private final ManualClock clock = new ManualClock();
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<String> ran = new ArrayList<>();

    @Test
    void aTaskThatIsDueRunsOnTheExecutorRatherThanTheScheduler() {
        Queue<Runnable> handedOver = new ArrayDeque<>();
        new TimedExecutor(handedOver::add, scheduler).after(Duration.ofSeconds(1), () -> ran.add("later"));
        scheduler.runDue();
        assertThat(handedOver).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        scheduler.runDue();
        assertThat(ran).isEmpty();
        handedOver.remove().run();
        assertThat(ran).containsExactly("later");
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        new TimedExecutor(Runnable::run, scheduler)
                .after(Duration.ofSeconds(1), () -> ran.add("later"))
                .cancel(false);
        clock.advance(Duration.ofSeconds(1));
        scheduler.runDue();
        assertThat(ran).isEmpty();
    }

    @Test
    void noTaskIsLostWhenTheThreadsHaveGone() {
        TimedExecutor threads = new TimedExecutor(SHUT_DOWN, scheduler);
        threads.execute(() -> ran.add("now"));
        scheduler.shutdown();
        assertThat(threads.after(Duration.ofDays(1), () -> ran.add("later"))).isDone();
        assertThat(ran).containsExactly("now", "later");
    }
}
