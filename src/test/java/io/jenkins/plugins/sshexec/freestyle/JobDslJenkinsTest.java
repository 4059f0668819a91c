package io.jenkins.plugins.sshexec.freestyle;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.sshexec.hosts.FolderHosts;
import io.jenkins.plugins.sshexec.hosts.NamedHost;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What Job DSL makes of its dynamic words for this plugin, as docs/configuration.md shows them. */
@WithJenkins
class JobDslJenkinsTest {

    private static void run(JenkinsRule jenkins, String script) throws Exception {
        FreeStyleProject seed = jenkins.createFreeStyleProject("seed");
        ExecuteDslScripts scripts = new ExecuteDslScripts();
        scripts.setScriptText(script);
        seed.getBuildersList().add(scripts);
        jenkins.buildAndAssertSuccess(seed);
    }

    @Test
    void aFreestyleJobGetsTheBuildStep(JenkinsRule jenkins) throws Exception {
        run(jenkins, """
                job('restart') {
                    steps {
                        sshExecBuilder {
                            host('web1')
                            command('systemctl --user restart shop')
                            credentialsId('deploy')
                            timeoutSeconds(120)
                            unstableOnNonZeroExit(true)
                        }
                    }
                }
                """);
        SshExecBuilder expected = new SshExecBuilder("web1", "systemctl --user restart shop");
        expected.setCredentialsId("deploy");
        expected.setTimeoutSeconds(120);
        expected.setUnstableOnNonZeroExit(true);
        FreeStyleProject made = jenkins.jenkins.getItemByFullName("restart", FreeStyleProject.class);
        jenkins.assertEqualDataBoundBeans(expected, made.getBuildersList().get(SshExecBuilder.class));
    }

    @Test
    void aFolderGetsItsHosts(JenkinsRule jenkins) throws Exception {
        run(jenkins, """
                folder('shop') {
                    properties {
                        sshHosts {
                            hosts {
                                sshHost {
                                    name('web1')
                                    address('192.0.2.1')
                                    labels('web')
                                    sessionsPerHost(2)
                                }
                            }
                        }
                    }
                }
                """);
        NamedHost expected = new NamedHost("web1");
        expected.setAddress("192.0.2.1");
        expected.setLabels("web");
        expected.setSessionsPerHost(2);
        Folder made = jenkins.jenkins.getItemByFullName("shop", Folder.class);
        assertThat(made.getProperties().get(FolderHosts.class).getHosts()).hasSize(1);
        jenkins.assertEqualDataBoundBeans(
                expected, made.getProperties().get(FolderHosts.class).getHosts().get(0));
    }
}
