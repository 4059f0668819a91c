package io.jenkins.plugins.sshexec.step;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.sshexec.call.CallResult;
import io.jenkins.plugins.sshexec.call.ExecCall;
import io.jenkins.plugins.sshexec.call.ManyCalls;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** One step that runs something on many hosts, under way. */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "after a restart there are no commands to follow")
final class ManyHostsExecution extends AttachedStepExecution {

    private static final long serialVersionUID = 1L;

    /** Null after a restart. */
    private final transient CommandStep step;

    ManyHostsExecution(StepContext context, CommandStep step) {
        super(context, step.getHosts() == null ? step.getHostsLabel() : String.join(", ", step.getHosts()));
        this.step = step;
    }

    @Override
    CompletableFuture<Object> begin(Run<?, ?> run, TaskListener listener, Cancellation cancellation)
            throws IOException, InterruptedException {
        Map<String, ExecCall> calls = new LinkedHashMap<>();
        for (String host : step.manyHosts(run)) {
            calls.put(host, step.toCall(getContext(), host, step.credentialsIdFor(host)));
        }
        step.addLabel(getContext());
        ReturnedValue returned = step.returnedValue();
        List<String> hosts = new ArrayList<>(calls.keySet());
        return ManyCalls.exec(
                        new ManyCalls.Wanted(
                                calls, step.getMaxParallel(), step.isFailFast(), returned.takesAnyStatus()),
                        run,
                        listener,
                        cancellation)
                .thenApply(results -> byHost(hosts, results, returned));
    }

    /** What the step returns: for each host what it would return for that host alone; null where that is nothing. */
    private static Map<String, Object> byHost(List<String> hosts, List<CallResult> results, ReturnedValue returned) {
        if (returned == ReturnedValue.NOTHING) {
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            try {
                values.put(hosts.get(i), returned.of(results.get(i)));
            } catch (AbortException e) { // which ManyCalls has made a failure of all before
                throw new CompletionException(e);
            }
        }
        return values;
    }
}
