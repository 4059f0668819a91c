package io.jenkins.plugins.sshexec.standalone;

import hudson.model.ItemGroup;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedFolder;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import io.jenkins.plugins.sshexec.standalone.pipeline.PipelineScript;
import io.jenkins.plugins.sshexec.testing.Scenario;
import io.jenkins.plugins.sshexec.testing.ScenarioStage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios on the embedded controller; the plugin's own build runs them on a real one. */
class ScenariosTest {

    @TestFactory
    Stream<DynamicTest> scenario(@TempDir Path homes) {
        return Scenario.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario.name(), scenario.source(), () -> run(scenario, homes.resolve(scenario.name()))));
    }

    private static void run(Scenario scenario, Path home) throws Exception {
        home.toFile().mkdirs();
        try (EmbeddedController controller = EmbeddedController.start(home)) {
            ItemGroup<?> folder = scenario.folder() == null ? null : folder(controller.jenkins(), scenario.folder());
            try (ScenarioStage stage = ScenarioStage.set(scenario, folder)) {
                EmbeddedJob job = new EmbeddedJob(folder == null ? controller.jenkins() : folder, scenario.name());
                String log = "";
                String result = "";
                for (int i = 0; i < scenario.builds(); i++) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    result = new PipelineScript("Jenkinsfile", scenario.script(stage.environment()))
                            .run(
                                    new EmbeddedRun(job),
                                    new StreamTaskListener(bytes, StandardCharsets.UTF_8),
                                    stage.environment())
                            .toString();
                    log = bytes.toString(StandardCharsets.UTF_8);
                }
                scenario.check(result, log, stage.environment());
            }
        }
    }

    private static EmbeddedFolder folder(Jenkins jenkins, String name) throws java.io.IOException {
        return jenkins.add(new EmbeddedFolder(jenkins, name), name);
    }
}
