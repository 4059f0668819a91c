package io.jenkins.plugins.sshexec.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The language of Jenkinsfiles, scripted and declarative, as far as it is known here. */
@Timeout(60)
class PipelineScriptTest {
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

    @Test
    void logsAsJenkinsDoes() throws IOException {
        assertThat(run("stage('Build') {\n  echo 'hello'\n}")).isEqualTo("""
                        [Pipeline] Start of Pipeline
                        [Pipeline] stage
                        [Pipeline] { (Build)
                        [Pipeline] echo
                        hello
                        [Pipeline] }
                        [Pipeline] // stage
                        [Pipeline] End of Pipeline
                        Finished: SUCCESS
                        """);
    }

    @Test
    void callsStepsByNameOrWithTheirOneRequiredParameter() throws IOException {
        assertThat(run("""
                        def answer = probe message: "m${1 + 1}", times: 2, mode: 'ANSWER'
                        echo "got ${answer}"
                        probe 'alone'
                        """))
                .contains("[Pipeline] probe\nm2\nm2\n[Pipeline] echo\ngot m2\n[Pipeline] probe\nalone\n")
                .endsWith("Finished: SUCCESS\n");
    }

    @Test
    void namesUnknownStepsWithTheirLine() throws IOException {
        assertThat(run("node {\n  prob 'x'\n}"))
                .contains("ERROR: line 2: no such step 'prob'; known: catchError, ")
                .contains(", probe, ")
                .endsWith("Finished: FAILURE\n");
    }

    @Test
    void namesUnknownParametersWithTheirLine() throws IOException {
        assertThat(run("\n\nprobe mesage: 'x'"))
                .contains("ERROR: line 3: probe has no parameter 'mesage'; it has: message, mode, times\n");
        assertThat(run("timeout(times: 3) { }"))
                .contains("ERROR: line 1: timeout has no parameter 'times'; it has: time, unit\n");
    }

    @Test
    void refusesValuesOfTheWrongType() throws IOException {
        assertThat(run("probe message: 7"))
                .contains("ERROR: line 1: probe expects 'message' as String but received Integer\n");
    }

    @Test
    void showsTheLineOfWhatGroovyCannotRead() throws IOException {
        assertThat(run("echo 'a'\nnode {")).contains("Jenkinsfile: 2").endsWith("Finished: FAILURE\n");
    }

    @Test
    void keepsTheEnvironmentOfEachBlock() throws IOException {
        assertThat(run("""
                        env.SET = 'set'
                        withEnv(['INNER=inner of ' + env.GIVEN, 'JOINED=${SET}!']) {
                            echo "${env.INNER} ${JOINED}"
                            probe '$INNER'
                        }
                        echo "${env.INNER} ${SET} ${env.BUILD_NUMBER}"
                        """)).contains("\ninner of given set!\n", "probe\ninner of given\n", "\nnull set 1\n");
    }

    @Test
    void sleepsInSecondsInsideClosuresToo() throws IOException {
        assertThat(run("node {\n  sleep time: 10, unit: 'MILLISECONDS'\n  sleep 0\n}"))
                .contains("[Pipeline] sleep\nSleeping for 10 ms\n", "[Pipeline] sleep\nSleeping for 0 ms\n")
                .endsWith("Finished: SUCCESS\n");
    }

    @Test
    void timeoutStopsTheStepAndAbortsTheBuild() throws IOException {
        assertThat(run("timeout(time: 50, unit: 'MILLISECONDS') {\n  probe mode: 'HANG', message: ''\n}\necho 'after'"))
                .contains("Timeout set to expire in 50 ms\n", "hanging\nCancelling nested steps due to timeout\n")
                .doesNotContain("after")
                .endsWith("[Pipeline] End of Pipeline\nTimeout has been exceeded\nFinished: ABORTED\n");
    }

    @Test
    void aFailureIsAnExceptionThatScriptsCanCatch() throws IOException {
        assertThat(run("try {\n  probe mode: 'FAIL', message: 'no'\n} catch (e) {\n  echo \"caught ${e.message}\"\n}"))
                .contains("\ncaught no\n")
                .endsWith("Finished: SUCCESS\n");
    }

    @Test
    void showsAnAbortInOneLineAndOtherFailuresWithTheirTrace() throws IOException {
        assertThat(run("error 'one line'"))
                .endsWith("[Pipeline] End of Pipeline\nERROR: one line\nFinished: FAILURE\n");
        assertThat(run("\nthrow new IllegalStateException('with a trace')"))
                .contains("java.lang.IllegalStateException: with a trace\n\tat Jenkinsfile.run(Jenkinsfile:2)\n");
    }

    @Test
    void retriesUntilItIsEnough() throws IOException {
        assertThat(run("int n = 0\nretry(3) {\n  n++\n  if (n < 3) { error \"no ${n}\" }\n}\necho \"n=${n}\""))
                .contains("ERROR: no 1\nRetrying\n", "ERROR: no 2\nRetrying\n", "\nn=3\n")
                .endsWith("Finished: SUCCESS\n");
    }

    @Test
    void retriesOnlyWhatItsConditionsName() throws IOException {
        assertThat(run("retry(count: 2, conditions: [saying('lost')]) {\n  error 'refused'\n}"))
                .doesNotContain("Retrying")
                .contains("ERROR: refused\n");
        assertThat(run("retry(count: 2, conditions: [saying('lost')]) {\n  error 'lost'\n}"))
                .contains("ERROR: lost\nRetrying\n");
    }

    @Test
    void catchErrorGoesOn() throws IOException {
        assertThat(run("catchError(buildResult: 'UNSTABLE', message: 'said') {\n  error 'no'\n}\necho 'after'"))
                .contains("ERROR: said\nERROR: no\n", "\nafter\n")
                .endsWith("Finished: UNSTABLE\n");
    }

    @Test
    void runsBranchesAtTheSameTime() throws IOException {
        // Neither branch could end if the other had to wait for it.
        assertThat(run("""
                        def both = new java.util.concurrent.CyclicBarrier(2)
                        def results = parallel a: { both.await(); 'from a' }, b: { both.await(); 'from b' }
                        echo results.toString()
                        """))
                .contains("[Pipeline] parallel\n[Pipeline] { (Branch: a)\n[Pipeline] { (Branch: b)\n")
                .contains("\n[a:from a, b:from b]\n");
    }

    @Test
    void failFastStopsTheOtherBranches() throws IOException {
        assertThat(run("parallel hangs: { probe mode: 'HANG', message: '' }, fails: { error 'no' }, failFast: true"))
                .contains("Failed in branch fails\n", "Failed in branch hangs\n")
                .endsWith("ERROR: no\nFinished: FAILURE\n");
    }
}
