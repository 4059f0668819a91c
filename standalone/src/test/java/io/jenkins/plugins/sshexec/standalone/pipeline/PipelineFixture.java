package io.jenkins.plugins.sshexec.standalone.pipeline;

import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** An embedded controller that knows {@link ProbeStep}. */
final class PipelineFixture implements AutoCloseable {
    private final EmbeddedController controller;

    PipelineFixture(Path home) throws IOException, InterruptedException {
        controller = EmbeddedController.start(home);
        StepDescriptor probe = new ProbeStep.DescriptorImpl();
        ExtensionList.lookup(StepDescriptor.class).add(probe);
        ExtensionList.lookup(Descriptor.class).add(probe);
        ExtensionList.lookup(Descriptor.class).add(new ProbeStep.SayingCondition.DescriptorImpl());
    }

    /** The log of one build. */
    String run(String script) throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        EmbeddedRun run = new EmbeddedRun(new EmbeddedJob(controller.jenkins(), "job"));
        new PipelineScript("Jenkinsfile", script)
                .run(run, new StreamTaskListener(log, StandardCharsets.UTF_8), Map.of("GIVEN", "given"));
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        controller.close();
    }
}
