package io.jenkins.plugins.sshexec.credentials;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Login;
import io.jenkins.plugins.sshexec.core.model.Login.KeyLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PasswordLogin;
import io.jenkins.plugins.sshexec.core.model.Login.PrivateKey;
import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;

/**
 * Makes a {@link Login} of Jenkins credentials that a build may use: looked up for the build as Credentials Binding does it,
 * their kind checked, their use tracked. May block, since credentials can live in a remote store.
 */
public final class LoginResolver {

    private LoginResolver() {}

    /**
     * @param credentialsId null for the one set of credentials whose domain names the host
     * @return a login that the caller wipes
     */
    public static Login resolve(Run<?, ?> run, Destination destination, @CheckForNull String credentialsId)
            throws UnusableCredentialsException {
        List<DomainRequirement> requirements = HostRequirements.of(destination.endpoint());
        String id = credentialsId != null ? credentialsId : onlyCandidate(run.getParent(), destination, requirements);
        StandardUsernameCredentials found =
                CredentialsProvider.findCredentialById(id, StandardUsernameCredentials.class, run, requirements);
        if (found == null) {
            throw new UnusableCredentialsException(whyNotFound(run, destination, id));
        }
        UsedCredentials.track(run, found);
        return login(found, destination.user());
    }

    /**
     * The login, where that is by password, as a proxy needs it; wiped otherwise.
     *
     * @param credentialsId of which it was made, and {@code destination} for what; both for the message
     */
    public static PasswordLogin requirePassword(Login login, String credentialsId, Destination destination)
            throws UnusableCredentialsException {
        if (login instanceof PasswordLogin password) {
            return password;
        }
        login.wipe();
        throw new UnusableCredentialsException(
                Messages.LoginResolver_noPassword(credentialsId, destination.endpoint()));
    }

    /**
     * For a test of the connection: what the job's builds would get, as far as that does not hang on who starts them. Whoever
     * asks for the test must be allowed to use the job's credentials; that is not checked here.
     *
     * @param job null on a page outside of any job
     * @param credentialsId null for the one set of credentials whose domain names the host
     * @return a login that the caller wipes
     */
    public static Login resolve(@CheckForNull Item job, Destination destination, @CheckForNull String credentialsId)
            throws UnusableCredentialsException {
        StandardUsernameCredentials found = find(job, destination, credentialsId);
        if (job != null) {
            CredentialsProvider.track(job, found);
        }
        return login(found, destination.user());
    }

    /**
     * As {@link #resolve(Item, Destination, String)}, but that no use is tracked: for who asks again and again, mostly to find that
     * all is as it was.
     *
     * @return a login that the caller wipes
     */
    public static Login peek(@CheckForNull Item job, Destination destination, @CheckForNull String credentialsId)
            throws UnusableCredentialsException {
        return login(find(job, destination, credentialsId), destination.user());
    }

    private static StandardUsernameCredentials find(
            @CheckForNull Item job, Destination destination, @CheckForNull String credentialsId)
            throws UnusableCredentialsException {
        List<DomainRequirement> requirements = HostRequirements.of(destination.endpoint());
        String id = credentialsId != null ? credentialsId : onlyCandidate(job, destination, requirements);
        StandardUsernameCredentials found = candidates(job, requirements).get(id);
        if (found == null) {
            throw new UnusableCredentialsException(
                    candidates(job, List.of()).containsKey(id)
                            ? Messages.LoginResolver_otherDomain(id, destination.endpoint())
                            : Messages.LoginResolver_notFound(id));
        }
        return found;
    }

    /** @param typed the user name that was typed, which is no secret */
    private static Login login(StandardUsernameCredentials found, Optional<String> typed)
            throws UnusableCredentialsException {
        String user = typed.orElse(found.getUsername());
        boolean secret = typed.isEmpty() && found.isUsernameSecret();
        if (Util.fixEmptyAndTrim(user) == null) {
            throw new UnusableCredentialsException(Messages.LoginResolver_noUser(found.getId()));
        }
        if (found instanceof SSHUserPrivateKey credentials) {
            return new KeyLogin(user, secret, keys(credentials));
        }
        if (found instanceof StandardUsernamePasswordCredentials credentials) {
            return new PasswordLogin(
                    user, secret, SecretBytes.of(credentials.getPassword().getPlainText()));
        }
        throw new UnusableCredentialsException(Messages.LoginResolver_kind(found.getId(), kind(found)));
    }

    private static List<PrivateKey> keys(SSHUserPrivateKey credentials) throws UnusableCredentialsException {
        Secret secret = credentials.getPassphrase();
        String passphrase = secret == null ? "" : secret.getPlainText();
        List<PrivateKey> keys = credentials.getPrivateKeys().stream()
                .filter(text -> !text.isBlank())
                .map(text -> new PrivateKey(SecretBytes.of(text), SecretBytes.of(passphrase)))
                .toList();
        if (keys.isEmpty()) {
            throw new UnusableCredentialsException(Messages.LoginResolver_noKey(credentials.getId()));
        }
        return keys;
    }

    /**
     * The id of the only credentials in domains that name the host, and of the user if one was typed. Credentials outside of
     * such domains are good for every host, and are not offered to any that somebody types.
     */
    private static String onlyCandidate(
            @CheckForNull Item job, Destination destination, List<DomainRequirement> requirements)
            throws UnusableCredentialsException {
        Map<String, StandardUsernameCredentials> candidates = candidates(job, requirements);
        candidates
                .keySet()
                .removeAll(candidates(job, HostRequirements.ofNoHost()).keySet());
        List<String> ids = candidates.values().stream()
                .filter(CredentialsModel.USABLE::matches)
                .filter(c -> destination.user().map(c.getUsername()::equals).orElse(true))
                .map(IdCredentials::getId)
                .sorted()
                .toList();
        return switch (ids.size()) {
            case 0 -> throw new UnusableCredentialsException(Messages.LoginResolver_noCandidate(destination));
            case 1 -> ids.get(0);
            default ->
                throw new UnusableCredentialsException(
                        Messages.LoginResolver_severalCandidates(destination, String.join(", ", ids)));
        };
    }

    /** By id, the nearest folder first: what {@link CredentialsProvider#findCredentialById} would find under each id. */
    private static Map<String, StandardUsernameCredentials> candidates(
            @CheckForNull Item job, List<DomainRequirement> requirements) {
        Authentication authentication = authenticationOf(job);
        Map<String, StandardUsernameCredentials> found = lookUp(job, authentication, requirements);
        if (job != null
                && !ACL.SYSTEM2.equals(authentication)
                && job.hasPermission2(authentication, CredentialsProvider.USE_ITEM)) {
            lookUp(job, ACL.SYSTEM2, requirements).forEach(found::putIfAbsent);
        }
        return found;
    }

    /** As whom the builds of a job run: SYSTEM unless an administrator says otherwise. */
    static Authentication authenticationOf(@CheckForNull Item job) {
        return job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }

    private static Map<String, StandardUsernameCredentials> lookUp(
            @CheckForNull Item job, Authentication authentication, List<DomainRequirement> requirements) {
        return CredentialsProvider.lookupCredentialsInItem(
                        StandardUsernameCredentials.class, job, authentication, requirements)
                .stream()
                // Those of the controller itself, which are found outside of any job, are for no build.
                .filter(c -> c.getScope() != CredentialsScope.SYSTEM)
                .collect(Collectors.toMap(
                        IdCredentials::getId, c -> c, (nearest, farther) -> nearest, LinkedHashMap::new));
    }

    private static String whyNotFound(Run<?, ?> run, Destination destination, String id) {
        IdCredentials other = CredentialsProvider.findCredentialById(id, IdCredentials.class, run, List.of());
        if (other == null) {
            return Messages.LoginResolver_notFound(id);
        }
        return CredentialsModel.USABLE.matches(other)
                ? Messages.LoginResolver_otherDomain(id, destination.endpoint())
                : Messages.LoginResolver_kind(id, kind(other));
    }

    private static String kind(IdCredentials credentials) {
        return CredentialsNameProvider.name(credentials).isEmpty()
                ? credentials.getClass().getSimpleName()
                : credentials.getDescriptor().getDisplayName();
    }
}
