package io.jenkins.plugins.sshexec.benchmark;

import io.jenkins.plugins.sshexec.call.CallResult;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A thousand commands that run at once: what threads they cost the controller. */
final class RunningCase {

    private static final int COMMANDS = 1000;

    /** OpenSSH's limit is 10, and it counts a channel until a moment after its end. */
    private static final int CHANNELS = 8;

    private static final int OTHER_THREADS = 20;

    /** After which the threads of the plugin's pools have nothing to do and end, and a few seconds more. */
    private static final int QUIET_SECONDS = 15;

    private static final int LIMIT_SECONDS = 180;

    private RunningCase() {}

    static void run(Options options, Report report) throws Exception {
        int commands = (int) options.amount(COMMANDS);
        int sessions = (commands + CHANNELS - 1) / CHANNELS;
        report.heading(commands + " commands that run at once");
        try (Target target = Target.start();
                EmbeddedPlugin plugin = EmbeddedPlugin.start(target)) {
            SshExecConfiguration.get().setSessionsInTotal(sessions);
            SshExecConfiguration.get().setSessionsPerHost(sessions);
            SshExecConfiguration.get().setChannelsPerSession(CHANNELS);
            Path gate = Files.createFile(target.file("gate"));
            Path begun = Files.createFile(target.file("begun"));
            String command = "echo >> " + begun + "; while [ -e " + gate + " ]; do sleep 5; done";
            List<CompletableFuture<CallResult>> running = new ArrayList<>();
            for (int i = 0; i < commands; i++) {
                running.add(plugin.begin(target.endpoint().host(), command));
            }
            awaitRunning(begun, commands);
            long atFirst =
                    threads().values().stream().mapToLong(Long::longValue).sum();
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            Map<String, Long> threads = threads();
            Files.delete(gate);
            for (CompletableFuture<CallResult> one : running) {
                one.get(LIMIT_SECONDS, TimeUnit.SECONDS).requireSuccess();
            }
            Table table = new Table("threads of the plugin", "");
            threads.forEach((kind, count) -> table.row(kind, String.valueOf(count)));
            long all = threads.values().stream().mapToLong(Long::longValue).sum();
            table.row("all", String.valueOf(all))
                    .row("all, when the last command had just begun", String.valueOf(atFirst));
            report.table(table)
                    .goal(
                            "1,000 running commands: at most 1,000 / " + CHANNELS + " + " + OTHER_THREADS + " threads",
                            all + " for " + commands + " commands",
                            all <= sessions + OTHER_THREADS);
        }
    }

    /** @param begun to which each command adds a byte */
    private static void awaitRunning(Path begun, int commands) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (Files.size(begun) < commands) {
            if (System.nanoTime() > end) {
                throw new IOException("Only " + Files.size(begun) + " commands have begun.");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** By their names, without the numbers and hosts behind these. */
    private static Map<String, Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("ssh-exec"))
                .map(name -> name.replaceAll(" (of .*|\\[.*)$", ""))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }
}
