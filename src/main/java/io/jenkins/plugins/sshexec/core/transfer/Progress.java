package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.time.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The numbers of one transfer while it runs. Thread-safe. */
final class Progress {

    private final NanoClock clock;
    private final AtomicInteger filesDone = new AtomicInteger();
    private final AtomicInteger filesKept = new AtomicInteger();
    private final AtomicInteger filesGrown = new AtomicInteger();
    private final AtomicLong bytesDone = new AtomicLong();
    private final AtomicLong bytesKept = new AtomicLong();
    private final AtomicLong bytesCarried = new AtomicLong();
    private volatile int filesTotal;
    private volatile long bytesTotal;
    private volatile long startNanos;

    Progress(NanoClock clock) {
        this.clock = clock;
        startNanos = clock.nanoTime();
    }

    void listed(List<FileEntry> entries) {
        filesTotal = (int) entries.stream().filter(each -> !each.directory()).count();
        bytesTotal = entries.stream().mapToLong(FileEntry::sizeBytes).sum();
        startNanos = clock.nanoTime();
    }

    /** So many bytes of a file are on their way. */
    void carried(long bytes) {
        bytesDone.addAndGet(bytes);
        bytesCarried.addAndGet(bytes);
    }

    /** So many bytes were there from an earlier try; negative where they prove to be of no use. */
    void found(long bytes) {
        bytesDone.addAndGet(bytes);
    }

    void done(FileEntry entry) {
        if (!entry.directory()) {
            filesDone.incrementAndGet();
        }
    }

    /** A file was longer than it had been listed, and was copied only as far as that. */
    void grown() {
        filesGrown.incrementAndGet();
    }

    void kept(FileEntry source) {
        filesDone.incrementAndGet();
        filesKept.incrementAndGet();
        bytesDone.addAndGet(source.sizeBytes());
        bytesKept.addAndGet(source.sizeBytes());
    }

    TransferProgress now() {
        return new TransferProgress(
                filesDone.get(),
                filesTotal,
                filesKept.get(),
                filesGrown.get(),
                bytesDone.get(),
                bytesTotal,
                bytesKept.get(),
                bytesCarried.get(),
                Duration.ofNanos(clock.nanoTime() - startNanos));
    }
}
