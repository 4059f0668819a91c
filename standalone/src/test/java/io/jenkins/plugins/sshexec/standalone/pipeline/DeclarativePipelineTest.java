package io.jenkins.plugins.sshexec.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The declarative form. */
@Timeout(60)
class DeclarativePipelineTest {
    private PipelineFixture pipeline;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        pipeline = new PipelineFixture(home);
    }

    @AfterEach
    void stop() throws IOException {
        pipeline.close();
    }

    private String run(String script) throws IOException {
        return pipeline.run(script);
    }

    /** A pipeline with this body, whose first line is line 2. */
    private String declared(String body) throws IOException {
        return run("pipeline {\n" + body + "\n}");
    }

    @Test
    void runsStagesInTheirEnvironment() throws IOException {
        assertThat(declared("""
                        agent any
                        environment {
                            OUTER = 'outer'
                            BOTH = "${OUTER} and ${env.GIVEN}"
                        }
                        stages {
                            stage('One') {
                                environment { INNER = probe('of a step') }
                                steps { echo "${BOTH}, ${env.INNER}" }
                            }
                            stage('Two') { steps { echo "${env.INNER}" } }
                        }"""))
                .contains("[Pipeline] node\nRunning on Jenkins in ", "[Pipeline] { (One)\n")
                .contains("\nouter and given, of a step\n", "\nnull\n")
                .endsWith("Finished: SUCCESS\n");
    }

    @Test
    void hasNoNodeWithoutAnAgent() throws IOException {
        assertThat(declared("agent none\nstages { stage('a') { steps { echo \"${env.WORKSPACE}\" } } }"))
                .doesNotContain("[Pipeline] node")
                .contains("\nnull\n");
    }

    @Test
    void namesUnknownDirectivesWithTheirLineBeforeAnythingRuns() throws IOException {
        assertThat(declared("agent any\nstages { stage('a') { steps { echo 'ran' } } }\ntriggers { }"))
                .contains(
                        "ERROR: line 4: no 'triggers' in pipeline; known: agent, environment, options, post, stages\n")
                .doesNotContain("ran");
        assertThat(declared("agent none\nstages { stage('a') { step { } } }"))
                .contains("ERROR: line 3: no 'step' in stage; known: agent, ");
    }

    @Test
    void namesUnknownStepsWithTheirLine() throws IOException {
        assertThat(declared("agent none\nstages {\n stage('a') {\n  steps {\n   prob 'x'\n } } }"))
                .contains("ERROR: line 6: no such step 'prob'; known: ");
    }

    @Test
    void wantsWhatAPipelineCannotBeWithout() throws IOException {
        assertThat(declared("agent none")).contains("ERROR: line 1: a pipeline needs 'stages'\n");
        assertThat(declared("agent none\nstages { stage('a') { } }"))
                .contains("ERROR: line 3: stage 'a' needs 'steps', 'stages' or 'parallel'\n");
    }

    @Test
    void leavesOutStagesAfterAFailureAndRunsItsPost() throws IOException {
        String log = declared("""
                agent none
                stages {
                    stage('a') {
                        steps { error 'no' }
                        post { failure { echo 'a failed' } }
                    }
                    stage('b') { steps { echo 'b ran' } }
                }
                post {
                    cleanup { echo 'cleanup' }
                    success { echo 'success' }
                    failure { echo 'failure' }
                    always { echo 'always' }
                }""");
        assertThat(log)
                .contains("\na failed\n", "Stage \"b\" skipped due to earlier failure(s)\n")
                .doesNotContain("b ran", "\nsuccess\n")
                .endsWith("ERROR: no\nFinished: FAILURE\n")
                .containsSubsequence("(Declarative: Post Actions)", "\nalways\n", "\nfailure\n", "\ncleanup\n");
    }

    @Test
    void runsPostAfterATimeout() throws IOException {
        assertThat(declared("""
                        agent none
                        options { timeout(time: 50, unit: 'MILLISECONDS') }
                        stages { stage('a') { steps { probe mode: 'HANG', message: '' } } }
                        post { aborted { probe 'still here' } }""")).contains("\nstill here\n").endsWith("Timeout has been exceeded\nFinished: ABORTED\n");
    }

    @Test
    void runsStagesAtTheSameTime() throws IOException {
        assertThat(run("""
                        def both = new java.util.concurrent.CyclicBarrier(2)
                        pipeline {
                            agent none
                            stages {
                                stage('both') {
                                    parallel {
                                        stage('a') { steps { script { both.await() } } }
                                        stage('b') { steps { script { both.await() } } }
                                    }
                                }
                            }
                        }"""))
                .contains("[Pipeline] { (Branch: a)\n[Pipeline] { (Branch: b)\n", "[Pipeline] { (a)\n")
                .endsWith("Finished: SUCCESS\n");
    }

    @Test
    void runsAStageWhenItsConditionsHold() throws IOException {
        assertThat(declared("""
                        agent none
                        stages {
                            stage('in') {
                                when {
                                    environment name: 'GIVEN', value: 'given'
                                    not { expression { false } }
                                    anyOf { expression { false }; equals expected: 2, actual: 1 + 1 }
                                }
                                steps { echo 'in ran' }
                            }
                            stage('out') {
                                when { expression { env.GIVEN == 'else' } }
                                steps { echo 'out ran' }
                            }
                        }"""))
                .contains("\nin ran\n", "Stage \"out\" skipped due to when conditional\n")
                .doesNotContain("out ran");
    }

    @Test
    void triesAStageAgain() throws IOException {
        assertThat(run("""
                        def n = 0
                        pipeline {
                            agent none
                            stages {
                                stage('a') {
                                    options { retry(2) }
                                    steps { script { n++; if (n == 1) { error 'no' } } }
                                }
                            }
                        }""")).contains("ERROR: no\nRetrying\n").endsWith("Finished: SUCCESS\n");
    }
}
