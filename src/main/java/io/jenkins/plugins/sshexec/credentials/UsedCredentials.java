package io.jenkins.plugins.sshexec.credentials;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Run;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records which credentials a build uses, as Credentials Binding does. Recording writes a file and waits for the disk, which may take
 * longer than a command; so that is done for the first use in a build, and further ones are told to the listeners alone.
 */
final class UsedCredentials {

    /** Of each build, by id: the object itself, since changed credentials have the id of those before. */
    private static final Map<Run<?, ?>, Map<String, WeakReference<StandardCredentials>>> OF_BUILDS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private UsedCredentials() {}

    /** Thread-safe; may block. */
    static void track(Run<?, ?> run, StandardCredentials used) {
        Map<String, WeakReference<StandardCredentials>> recorded =
                OF_BUILDS.computeIfAbsent(run, build -> new ConcurrentHashMap<>());
        WeakReference<StandardCredentials> before = recorded.get(used.getId());
        if (before != null && before.refersTo(used)) {
            CredentialsUseListener.fireUse(used, run);
        } else {
            CredentialsProvider.track(run, used);
            recorded.put(used.getId(), new WeakReference<>(used));
        }
    }
}
