package io.jenkins.plugins.sshexec.standalone.controller;

import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import org.springframework.security.core.Authentication;

/** A job of the embedded controller; its builds run as SYSTEM unless told otherwise. */
public final class EmbeddedJob extends Job<EmbeddedJob, EmbeddedRun> implements Queue.Task, TopLevelItem {
    private volatile Authentication runsAs = ACL.SYSTEM2;

    public EmbeddedJob(ItemGroup<?> parent, String name) {
        super(parent, name);
    }

    public void setRunsAs(Authentication user) {
        this.runsAs = user;
    }

    @Override
    public Authentication getDefaultAuthentication2() {
        return runsAs;
    }
}
