package io.jenkins.plugins.sshexec.core.transport.jsch;

import com.jcraft.jsch.Identity;
import com.jcraft.jsch.KeyPair;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import java.util.Optional;

/**
 * A private key that needs no passphrase any more, by itself or with a certificate.
 *
 * @param pair disposed by the login that owns it
 */
record UnlockedKey(KeyPair pair, Optional<UserCertificate> certificate) implements Identity {

    @Override
    public boolean setPassphrase(byte[] passphrase) {
        return true;
    }

    @Override
    public byte[] getPublicKeyBlob() {
        return certificate.map(UserCertificate::blob).orElseGet(pair::getPublicKeyBlob);
    }

    @Override
    public byte[] getSignature(byte[] data) {
        return pair.getSignature(data);
    }

    /** The key signs in the same way with and without a certificate. */
    @Override
    public byte[] getSignature(byte[] data, String algorithm) {
        return pair.getSignature(data, CertificateAlgorithms.plain(algorithm));
    }

    @Override
    public String getAlgName() {
        return certificate.map(UserCertificate::type).orElseGet(pair::getKeyTypeString);
    }

    /** As {@code ssh-add -l} shows a key: enough to find it in authorized_keys. */
    @Override
    public String getName() {
        String key = HostKey.ofBlob(pair.getPublicKeyBlob()).toString();
        return certificate.map(each -> key + " with " + each).orElse(key);
    }

    @Override
    public boolean isEncrypted() {
        return false;
    }

    @Override
    public void clear() {
        // Disposed by the login that owns the pair.
    }
}
