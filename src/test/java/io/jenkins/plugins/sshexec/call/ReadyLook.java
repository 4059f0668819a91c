package io.jenkins.plugins.sshexec.call;

import static org.awaitility.Awaitility.await;

import hudson.ExtensionList;
import io.jenkins.plugins.sshexec.core.pool.PoolSnapshot;
import io.jenkins.plugins.sshexec.lifecycle.SshPoolService;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What {@link ReadyHosts} does every now and then, done now. */
public final class ReadyLook {

    private static final long LIMIT_SECONDS = 60;

    private ReadyLook() {}

    /** Waits for a look that Jenkins may just be taking, then takes one, until nothing more is to be done. */
    public static void take() throws Exception {
        await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                .until(ExtensionList.lookupSingleton(ReadyHosts.class)::look, Optional::isPresent)
                .orElseThrow()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Idle sessions to all hosts. */
    static int idle() {
        return SshPoolService.get().pool().snapshot().hosts().stream()
                .mapToInt(PoolSnapshot.Host::sessionsIdle)
                .sum();
    }
}
