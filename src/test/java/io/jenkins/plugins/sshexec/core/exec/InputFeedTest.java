package io.jenkins.plugins.sshexec.core.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InputFeedTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final FakeProcess process = new FakeProcess(new Endpoint("web1", 22), event -> {});
    private final CountDownLatch reading = new CountDownLatch(1);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** As it is with JSch, which drops without a word what is written to a channel that is over. */
    @Test
    void inputWithoutEndIsReadNoLongerThanTheCommandRuns() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                reading.countDown();
                return 'x';
            }
        };
        feed(endless).begin();
        reading.await();
        process.end(0);
        assertNoThreadIsLeft();
    }

    @Test
    void inputThatIsDueAfterTheEndIsNotRead() throws Exception {
        InputFeed late = feed(new InputStream() {
            @Override
            public int read() {
                reading.countDown();
                return 'x';
            }
        });
        process.end(0);
        late.begin();
        assertNoThreadIsLeft();
    }

    private InputFeed feed(InputStream in) {
        CommandInput input = new CommandInput(List.of(CompletableFuture.completedFuture(() -> in)));
        return new InputFeed(process, input, threads, failure -> {
            throw new AssertionError(failure);
        });
    }

    private void assertNoThreadIsLeft() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
