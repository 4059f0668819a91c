package io.jenkins.plugins.sshexec.standalone.controller;

import hudson.model.Run;
import java.io.IOException;

/** A build of an {@link EmbeddedJob}. */
public final class EmbeddedRun extends Run<EmbeddedJob, EmbeddedRun> {
    private volatile boolean building = true;

    public EmbeddedRun(EmbeddedJob job) throws IOException {
        super(job);
    }

    public void ended() {
        building = false;
    }

    @Override
    public boolean isBuilding() {
        return building;
    }
}
