package io.jenkins.plugins.sshexec.call;

import io.jenkins.plugins.sshexec.core.transfer.TransferObserver;
import io.jenkins.plugins.sshexec.core.transfer.TransferProgress;
import io.jenkins.plugins.sshexec.core.transfer.TransferRequest.Direction;
import io.jenkins.plugins.sshexec.core.transfer.TransferResult;
import io.jenkins.plugins.sshexec.hosts.Target;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Tells the build log how files come along: a line at the start, one every few seconds, one at the end. */
final class TransferLog extends SessionLog implements TransferObserver {

    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

    private final TransferCall call;

    /** @param mask takes the secrets out of a line */
    TransferLog(PrintStream out, TransferCall call, Target target, String user, UnaryOperator<String> mask) {
        super(out, target, user, mask);
        this.call = call;
    }

    @Override
    public void paused() {
        line(Messages.TransferLog_paused(target().name()));
    }

    @Override
    String startOf(String where, String session) {
        String from = call.from().isEmpty() ? Messages.TransferLog_workspace() : LogText.oneLine(call.from());
        return call.direction() == Direction.PUT
                ? Messages.TransferLog_put(where, session, from, LogText.oneLine(call.into()))
                : Messages.TransferLog_get(where, session, from);
    }

    @Override
    public void progress(TransferProgress now) {
        long total = Math.max(now.bytesTotal(), now.bytesDone()); // a file may have grown since it was listed
        if (total == 0) {
            return;
        }
        long perSecond = perSecond(now);
        line(Messages.TransferLog_progress(
                now.filesDone(),
                now.filesTotal(),
                bytes(now.bytesDone()),
                bytes(total),
                100 * now.bytesDone() / total,
                bytes(perSecond),
                perSecond == 0 ? "?" : time(Duration.ofMillis((total - now.bytesDone()) * 1000 / perSecond))));
    }

    void finished(TransferResult result) {
        TransferProgress end = result.progress();
        int copied = end.filesDone() - end.filesKept();
        String place = LogText.oneLine(result.place());
        String where = call.direction() == Direction.PUT
                ? Messages.TransferFailures_onHost(place, target().name())
                : Messages.TransferFailures_inWorkspace(place);
        String bytes = bytes(end.bytesDone() - end.bytesKept());
        String carried = bytes(end.bytesCarried());
        List<String> sentence = new ArrayList<>();
        sentence.add(Messages.TransferLog_copied(copied, bytes, where, time(end.elapsed()), bytes(perSecond(end))));
        if (!carried.equals(bytes)) {
            sentence.add(Messages.TransferLog_carried(carried));
        }
        if (end.filesKept() > 0) {
            sentence.add(Messages.TransferLog_kept(end.filesKept()));
        }
        if (end.filesGrown() > 0) {
            sentence.add(Messages.TransferLog_grown(end.filesGrown()));
        }
        line(String.join("; ", sentence) + ".");
    }

    private static long perSecond(TransferProgress now) {
        return now.bytesCarried() * 1000 / Math.max(1, now.elapsed().toMillis());
    }

    /** In the largest unit of which there is one at least, with one decimal where that says something. */
    static String bytes(long count) {
        double amount = count;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && amount < 100 ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
    }

    /** {@code 0.4 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
    static String time(Duration duration) {
        if (duration.toSeconds() < 10) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        if (duration.toMinutes() == 0) {
            return duration.toSeconds() + " s";
        }
        return duration.toHours() == 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
}
