package io.jenkins.plugins.sshexec.call;

import hudson.AbortException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/** A command failed on some of many hosts; a Pipeline that catches this can ask on which, and why. */
public final class ManyHostsFailure extends AbortException {

    private static final long serialVersionUID = 1L;

    /** As many are named in the message; the log's table has all. */
    private static final int NAMED = 20;

    private final LinkedHashMap<String, String> failures;
    private final boolean safeToRepeat;

    private ManyHostsFailure(String message, Map<String, String> failures, boolean safeToRepeat) {
        super(message);
        this.failures = new LinkedHashMap<>(failures);
        this.safeToRepeat = safeToRepeat;
    }

    /** @param outcomes of which one at least is a failure */
    static ManyHostsFailure of(Collection<HostOutcome> outcomes) {
        List<HostOutcome> failed =
                outcomes.stream().filter(HostOutcome::isFailure).toList();
        long calledOff = outcomes.stream()
                .filter(outcome -> outcome.kind() == HostOutcome.Kind.CALLED_OFF)
                .count();
        String message = Messages.ManyHostsFailure_failed(failed.size(), outcomes.size(), names(failed));
        Map<String, String> sentences = new LinkedHashMap<>();
        outcomes.stream()
                .filter(outcome -> outcome.failure() != null)
                .forEach(outcome -> sentences.put(outcome.host(), outcome.failure()));
        return new ManyHostsFailure(
                calledOff == 0 ? message : message + " " + Messages.ManyHostsFailure_calledOff(calledOff),
                sentences,
                outcomes.stream().allMatch(outcome -> outcome.kind() == HostOutcome.Kind.NOT_REACHED));
    }

    private static String names(List<HostOutcome> failed) {
        String names = failed.stream().limit(NAMED).map(HostOutcome::host).collect(Collectors.joining(", "));
        return failed.size() <= NAMED ? names : Messages.ManyHostsFailure_more(names, failed.size() - NAMED);
    }

    /** By host, why the command failed there, or was called off, in one sentence. */
    @Whitelisted
    public Map<String, String> getFailures() {
        return new LinkedHashMap<>(failures);
    }

    /** Whether no host was reached, so that the command was run nowhere. */
    public boolean isSafeToRepeat() {
        return safeToRepeat;
    }
}
