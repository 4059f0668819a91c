package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import io.jenkins.plugins.sshexec.core.model.UnfitCharacters;
import io.jenkins.plugins.sshexec.hostkey.HostKeyRegister.DamagedException;
import io.jenkins.plugins.sshexec.hostkey.RegisteredKey.Action;
import java.io.IOException;
import java.util.List;

/** Accepts the keys that an administrator has approved; any other is put on the list of those that wait for it. */
final class ApprovedKeysPolicy implements HostKeyPolicy {

    private final HostKeyRegister register;
    private final KnownHostsPolicy approved;
    private final String requester;
    private final String page;

    /**
     * @param requester on whose behalf a key is seen for the first time
     * @param page where administrators decide, for messages
     */
    ApprovedKeysPolicy(HostKeyRegister register, String requester, String page) {
        this.register = register;
        this.approved = KnownHostsPolicy.ofFiles(List.of(register.file()));
        this.requester = requester;
        this.page = page;
    }

    /** Without the requester, who changes no decision. */
    @Override
    public String id() {
        return "approved:" + register.file();
    }

    @Override
    public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
        HostKeyVerdict verdict = approved.check(endpoint, offered);
        if (!(verdict instanceof Refused refused)) {
            return verdict;
        }
        return switch (refused.cause()) {
            case UNKNOWN -> unknown(endpoint, offered);
            case CHANGED -> changed(endpoint, offered, refused);
            case REVOKED -> rejected(endpoint, offered, refused);
            case UNREADABLE -> refused;
        };
    }

    private Refused unknown(Endpoint endpoint, HostKey offered) {
        try {
            String advice = register.see(endpoint.knownHostsName(), offered, requester)
                    ? Messages.ApprovedKeysPolicy_unknown(page)
                    : Messages.ApprovedKeysPolicy_tooMany(HostKeyRegister.MAX_WAITING, page);
            return new Refused(Cause.UNKNOWN, advice);
        } catch (DamagedException e) {
            return new Refused(Cause.UNREADABLE, e.getMessage());
        } catch (IOException e) {
            return new Refused(Cause.UNREADABLE, Messages.AcceptNewPolicy_unwritable(register.file(), e));
        }
    }

    /** Refused as changed in any case; the advice depends on whether the new key could be put on the list. */
    private Refused changed(Endpoint endpoint, HostKey offered, Refused plain) {
        try {
            String known = approved.read(endpoint).fingerprints();
            return register.see(endpoint.knownHostsName(), offered, requester)
                    ? new Refused(Cause.CHANGED, Messages.ApprovedKeysPolicy_changed(known, page))
                    : plain;
        } catch (DamagedException e) {
            return new Refused(Cause.CHANGED, plain.advice() + " " + e.getMessage());
        } catch (IOException e) {
            String unwritten = Messages.AcceptNewPolicy_unwritable(register.file(), e);
            return new Refused(Cause.CHANGED, plain.advice() + " " + unwritten);
        }
    }

    private Refused rejected(Endpoint endpoint, HostKey offered, Refused plain) {
        try {
            return register.find(endpoint.knownHostsName(), offered)
                    .flatMap(key -> key.last(Action.REJECTED))
                    .map(event -> new Refused(
                            Cause.REVOKED,
                            Messages.ApprovedKeysPolicy_rejected(
                                    UnfitCharacters.replace(event.by(), ' '), event.at(), page)))
                    .orElse(plain);
        } catch (IOException e) {
            return new Refused(
                    Cause.REVOKED, plain.advice() + " " + Messages.KnownHostsPolicy_unreadable(e.getMessage()));
        }
    }

    @Override
    public List<String> knownKeyTypes(Endpoint endpoint) {
        return approved.knownKeyTypes(endpoint);
    }

    @Override
    public CertificateTrust certificateTrust(Endpoint endpoint) {
        return approved.certificateTrust(endpoint);
    }
}
