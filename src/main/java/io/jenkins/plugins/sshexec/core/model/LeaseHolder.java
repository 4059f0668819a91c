package io.jenkins.plugins.sshexec.core.model;

import java.util.Objects;

/**
 * On whose behalf a session is used: a build, in the words of whoever shows it. For display and logs only; it decides
 * nothing.
 *
 * @param job the full name of the build's job, by which is decided who may see the rest
 * @param name as people read it: {@code shop » deploy #12}
 * @param url below the root of Jenkins, without a leading slash; empty where there is no page
 */
public record LeaseHolder(String job, String name, String url) {

    public LeaseHolder {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(url, "url");
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
