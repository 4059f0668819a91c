package com.cloudbees.jenkins.plugins.sshcredentials.impl;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.util.Secret;
import java.io.Serializable;
import java.util.List;

/** Stands in for ssh-credentials' class of this name. */
public class BasicSSHUserPrivateKey extends BaseSSHUser implements SSHUserPrivateKey {
    private static final long serialVersionUID = 1L;

    private final transient PrivateKeySource source;
    private final Secret passphrase;

    public BasicSSHUserPrivateKey(
            CredentialsScope scope,
            String id,
            String username,
            PrivateKeySource source,
            String passphrase,
            String description) {
        super(scope, id, username, description);
        this.source = source;
        this.passphrase = Util.fixEmpty(passphrase) == null ? null : Secret.fromString(passphrase);
    }

    @Override
    public List<String> getPrivateKeys() {
        return source.getPrivateKeys();
    }

    @Override
    public Secret getPassphrase() {
        return passphrase;
    }

    /** Stands in for ssh-credentials' class of this name. */
    public abstract static class PrivateKeySource extends AbstractDescribableImpl<PrivateKeySource> {
        public abstract List<String> getPrivateKeys();
    }

    /** Stands in for ssh-credentials' class of this name: the key's own text. */
    public static class DirectEntryPrivateKeySource extends PrivateKeySource implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Secret privateKey;

        public DirectEntryPrivateKeySource(String privateKey) {
            this(Secret.fromString(privateKey));
        }

        public DirectEntryPrivateKeySource(Secret privateKey) {
            this.privateKey = privateKey;
        }

        public DirectEntryPrivateKeySource(List<String> privateKeys) {
            this(String.join("\f", privateKeys));
        }

        public Secret getPrivateKey() {
            return privateKey;
        }

        @Override
        public List<String> getPrivateKeys() {
            return List.of(privateKey.getPlainText().split("\f"));
        }
    }
}
