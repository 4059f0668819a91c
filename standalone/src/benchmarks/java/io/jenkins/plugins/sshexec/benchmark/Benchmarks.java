package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Measures the plugin beside its peers; docs/benchmarks.md says how to start it and how to read what it prints. */
public final class Benchmarks {

    private static final Logger LOGGER = Logger.getLogger(Benchmarks.class.getName());

    /** In the order in which they are run. */
    private static final Map<String, Case> CASES = new LinkedHashMap<>();

    static {
        CASES.put("warm", LatencyCases::warm);
        CASES.put("cold", LatencyCases::cold);
        CASES.put("layers", LayersCase::run);
        CASES.put("many", ThroughputCases::many);
        CASES.put("hosts", ThroughputCases::hosts);
        CASES.put("channels", ThroughputCases::channels);
        CASES.put("output", OutputCases::bytes);
        CASES.put("lines", OutputCases::lines);
        CASES.put("lease", LeaseBenchmark::run);
        CASES.put("idle", IdleCase::run);
        CASES.put("running", RunningCase::run);
    }

    private Benchmarks() {}

    /** @param arguments names of cases separated by commas, or {@code all}; effort; directory for the report */
    public static void main(String... arguments) throws Exception {
        List<String> cases =
                arguments[0].equals("all") ? List.copyOf(CASES.keySet()) : Arrays.asList(arguments[0].split(","));
        if (!CASES.keySet().containsAll(cases)) {
            System.err.println("-Dcases names some of " + String.join(",", CASES.keySet()) + ", or all.");
            System.exit(2);
        }
        Options options = new Options(cases, Double.parseDouble(arguments[1]), Path.of(arguments[2]));
        Report report = new Report(options.directory());
        describeMachine(report);
        int failed = 0;
        for (String name : options.cases()) {
            failed += measured(name, options, report) ? 0 : 1;
        }
        report.goals();
        System.exit(failed == 0 ? 0 : 1); // explicitly: threads of pools live for a minute more
    }

    /** Returns whether the case could be measured; one that could not takes nothing from the others. */
    private static boolean measured(String name, Options options, Report report) throws IOException {
        try {
            CASES.get(name).run(options, report);
            report.line("\nLoad average after that: " + Machine.load());
            return true;
        } catch (Exception e) {
            LOGGER.log(Level.SEVERE, e, () -> "The case " + name + " could not be measured");
            report.line("\n**The case `" + name + "` could not be measured**: " + e.getMessage());
            return false;
        }
    }

    private static void describeMachine(Report report) throws IOException, InterruptedException {
        report.line(Machine.describe() + "; " + OpenSshClient.version().orElse("no ssh") + ".");
        report.line("Load average before: " + Machine.load() + ".");
        List<String> missing = Peers.missing();
        if (!missing.isEmpty()) {
            report.line("Some peers are left out. To have them: apt-get install " + String.join(" ", missing));
        }
    }
}
