package io.jenkins.plugins.sshexec.hostkey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Lines of the known_hosts format that are a part of the configuration. */
record GivenKeys(String text) implements KnownHostsSource {

    /** By its hash, because the id is a part of each session's key and the text can be long. */
    @Override
    public String id() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public List<Entry> entries() {
        return KnownHostsSource.parse(text, Messages::GivenKeys_line);
    }

    @Override
    public String placeToAdd() {
        return Messages.GivenKeys_placeToAdd();
    }
}
