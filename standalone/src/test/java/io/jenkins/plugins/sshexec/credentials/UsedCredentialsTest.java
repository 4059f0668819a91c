package io.jenkins.plugins.sshexec.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedController.CredentialsUse;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedJob;
import io.jenkins.plugins.sshexec.standalone.controller.EmbeddedRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsedCredentialsTest {

    @TempDir
    Path home;

    @Test
    void aBuildsUseIsRecordedOnceForEachCredentials() throws Exception {
        try (EmbeddedController controller = EmbeddedController.start(home)) {
            EmbeddedJob job = new EmbeddedJob(controller.jenkins(), "job");
            EmbeddedRun first = new EmbeddedRun(job);
            EmbeddedRun second = new EmbeddedRun(job);
            UsernamePasswordCredentialsImpl web = password("web", "a");
            UsernamePasswordCredentialsImpl rotated = password("web", "b");

            UsedCredentials.track(first, web);
            UsedCredentials.track(first, web);
            assertThat(controller.credentialsUses()).containsExactly(new CredentialsUse(first, "web"));

            UsedCredentials.track(second, web);
            UsedCredentials.track(first, password("db", "c"));
            UsedCredentials.track(first, rotated);
            assertThat(controller.credentialsUses())
                    .containsExactly(
                            new CredentialsUse(first, "web"),
                            new CredentialsUse(second, "web"),
                            new CredentialsUse(first, "db"),
                            new CredentialsUse(first, "web"));
        }
    }

    private static UsernamePasswordCredentialsImpl password(String id, String password) throws Exception {
        return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, null, "user", password);
    }
}
