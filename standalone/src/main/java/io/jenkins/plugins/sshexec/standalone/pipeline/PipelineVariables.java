package io.jenkins.plugins.sshexec.standalone.pipeline;

import groovy.lang.GroovyObjectSupport;
import hudson.model.Result;
import java.util.Map;

/** The objects behind {@code env} and {@code currentBuild}. */
final class PipelineVariables {
    private PipelineVariables() {}

    /** {@code env.NAME}, to read and to assign. */
    static final class Environment extends GroovyObjectSupport {
        private final PipelineBuild build;

        Environment(PipelineBuild build) {
            this.build = build;
        }

        @Override
        public Object getProperty(String name) {
            return build.environment().get(name);
        }

        @Override
        public void setProperty(String name, Object value) {
            build.assign(name, String.valueOf(value));
        }

        public Map<String, String> getEnvironment() {
            return build.environment();
        }
    }

    /** {@code currentBuild}. */
    static final class CurrentBuild {
        private final PipelineBuild build;

        CurrentBuild(PipelineBuild build) {
            this.build = build;
        }

        public int getNumber() {
            return build.run().getNumber();
        }

        public String getDisplayName() {
            return build.run().getDisplayName();
        }

        /** Null while nothing has gone wrong. */
        public String getResult() {
            Result result = build.run().getResult();
            return result == null ? null : result.toString();
        }

        public void setResult(String result) {
            build.run().setResult(Result.fromString(result));
        }

        public String getCurrentResult() {
            String result = getResult();
            return result == null ? Result.SUCCESS.toString() : result;
        }
    }
}
