package io.jenkins.plugins.sshexec.testing.jenkins;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnamePortSpecification;
import io.jenkins.plugins.sshexec.config.SshExecConfiguration;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import io.jenkins.plugins.sshexec.testing.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** Sets a real Jenkins up for an {@link OpenSshServer}: trusted host key, credentials, jobs. */
public final class SshJenkins {

    private SshJenkins() {}

    /** A server that Jenkins trusts and can log in to. @param extraConfig as in {@link OpenSshServer#start} */
    public static OpenSshServer startServer(String... extraConfig) throws IOException {
        OpenSshServer server = OpenSshServer.start(extraConfig);
        trust(server);
        addLogin(server, "web");
        return server;
    }

    /** Makes Jenkins know the server's host key, and no other. */
    public static void trust(OpenSshServer server) throws IOException {
        trust(knownHostsLine(server));
    }

    /** As {@link #trust(OpenSshServer)}, where the server is another process's. */
    public static void trust(String knownHostsLine) throws IOException {
        Path knownHosts = Jenkins.get().getRootDir().toPath().resolve("known_hosts");
        Files.writeString(knownHosts, knownHostsLine + "\n");
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile(knownHosts.toString());
        SshExecConfiguration.get().setHostKeyVerification(verification);
    }

    /** The server's line for a known_hosts file. */
    public static String knownHostsLine(OpenSshServer server) {
        String key = Base64.getEncoder().encodeToString(server.hostKey().blob());
        return server.endpoint().knownHostsName() + " " + server.hostKey().type() + " " + key;
    }

    /** Adds the server's user key to the system's credentials, in a domain that names the server. */
    public static void addLogin(OpenSshServer server, String id) throws IOException {
        addLogin(host(server), server.userKey(), id);
    }

    /** As {@link #addLogin(OpenSshServer, String)}, where the server is another process's. */
    public static void addLogin(String host, TestKey userKey, String id) throws IOException {
        Domain domain = new Domain("ssh", "", List.of(new HostnamePortSpecification(host, "")));
        system().addDomain(domain, key(id, OpenSshServer.user(), userKey));
    }

    public static BasicSSHUserPrivateKey key(String id, String user, TestKey key) {
        return new BasicSSHUserPrivateKey(
                CredentialsScope.GLOBAL, id, user, new DirectEntryPrivateKeySource(key.privateText()), "", id);
    }

    public static CredentialsStore system() {
        return CredentialsProvider.lookupStores(Jenkins.get()).iterator().next();
    }

    public static CredentialsStore folderStore(Folder folder) {
        for (CredentialsStore store : CredentialsProvider.lookupStores(folder)) {
            if (store.getContext() == folder) {
                return store;
            }
        }
        throw new AssertionError("No credentials store in " + folder);
    }

    public static void add(CredentialsStore store, StandardCredentials credentials) throws IOException {
        store.addCredentials(Domain.global(), credentials);
    }

    /** {@code host:port} of the server, as a Jenkinsfile has it. */
    public static String host(OpenSshServer server) {
        return server.endpoint().toString();
    }

    public static WorkflowJob pipeline(JenkinsRule jenkins, String script) throws IOException {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        return define(job, script);
    }

    /** In the Groovy sandbox, as users have it. */
    public static WorkflowJob define(WorkflowJob job, String script) throws IOException {
        try {
            job.setDefinition(new CpsFlowDefinition(script, true));
        } catch (hudson.model.Descriptor.FormException e) {
            throw new IOException(e);
        }
        return job;
    }
}
