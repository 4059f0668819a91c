package io.jenkins.plugins.sshexec.management;

import hudson.Extension;
import hudson.cli.CLICommand;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code java -jar jenkins-cli.jar ssh-sessions}: the pool as two tables of plain text. */
@Extension
public final class SshSessionsCommand extends CLICommand {

    private static final String GAP = "  ";

    @Override
    public String getShortDescription() {
        return Messages.SshSessionsCommand_description();
    }

    /** The current user needs the permissions of the page. */
    @Override
    protected int run() {
        SshSessionsLink.checkMaySee();
        SessionsPage page = SshSessionsLink.page();
        stdout.println(page.getSummary());
        table(hosts(page));
        table(outages(page));
        table(sessions(page));
        return 0;
    }

    private static List<List<String>> hosts(SessionsPage page) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("HOST", "OPEN", "IN USE", "IDLE", "WAITING", "PAUSED"));
        page.getHosts()
                .forEach(host -> rows.add(List.of(
                        host.getHost(),
                        Integer.toString(host.getOpen()),
                        Integer.toString(host.getInUse()),
                        Integer.toString(host.getIdle()),
                        Integer.toString(host.getWaiting()),
                        host.isPaused() ? "yes" : "no")));
        return rows;
    }

    private static List<List<String>> outages(SessionsPage page) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("HOST", "FAILURES", "NEXT TRY IN", "LAST FAILURE"));
        page.getOutages()
                .forEach(outage -> rows.add(List.of(
                        outage.getHost(),
                        Integer.toString(outage.getFailures()),
                        outage.getNextTryInSeconds() + " s",
                        outage.getReason())));
        return rows;
    }

    private static List<List<String>> sessions(SessionsPage page) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SESSION", "HOST", "USER", "AGE", "USES", "STATE", "HOST KEY", "USED BY"));
        page.getSessions()
                .forEach(session -> rows.add(List.of(
                        Long.toString(session.getId()),
                        session.getHost(),
                        session.getUser(),
                        session.getAge(),
                        Long.toString(session.getUses()),
                        session.getState(),
                        session.getHostKeyFingerprint(),
                        session.getHolders().stream()
                                .map(SshSessionsCommand::name)
                                .collect(Collectors.joining(", ")))));
        return rows;
    }

    private static String name(CallerRow caller) {
        return caller.getBuild() == null ? Messages.SshSessionsCommand_hidden() : caller.getBuild();
    }

    /** Each column as wide as its widest cell; nothing where there is no row below the head. */
    private void table(List<List<String>> rows) {
        if (rows.size() == 1) {
            return;
        }
        stdout.println();
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(GAP);
            }
            stdout.println(line.toString().stripTrailing());
        }
    }
}
