package io.jenkins.plugins.sshexec.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the benchmark found, as Markdown on standard output and in {@code report.md}, with its charts beside it. Written as it
 * goes, so that a case that fails takes nothing with it.
 */
final class Report {

    private final Path directory;
    private final StringBuilder text = new StringBuilder();
    private final List<Goal> goals = new ArrayList<>();

    /**
     * A bound that a figure is to keep.
     *
     * @param what with the bound
     * @param measured with its unit
     */
    private record Goal(String what, String measured, boolean reached) {}

    Report(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    Report line(String line) throws IOException {
        return add(line + "\n");
    }

    Report heading(String heading) throws IOException {
        return add("\n## " + heading + "\n\n");
    }

    Report table(Table table) throws IOException {
        return add("\n" + table + "\n");
    }

    /** @param name of the file, without its ending */
    Report chart(String name, BarChart chart) throws IOException {
        Files.writeString(directory.resolve(name + ".svg"), chart.toString());
        return add("\n![" + name + "](images/" + name + ".svg)\n");
    }

    /** Notes whether a goal was reached; {@link #goals} lists them all. */
    Report goal(String what, String measured, boolean reached) {
        goals.add(new Goal(what, measured, reached));
        return this;
    }

    Report goals() throws IOException {
        Table table = new Table("goal", "measured", "");
        goals.forEach(goal -> table.row(goal.what(), goal.measured(), goal.reached() ? "reached" : "**not reached**"));
        return goals.isEmpty() ? this : heading("Goals").table(table);
    }

    private Report add(String markdown) throws IOException {
        System.out.print(markdown);
        System.out.flush();
        text.append(markdown);
        Files.writeString(directory.resolve("report.md"), text);
        return this;
    }
}
