package io.jenkins.plugins.sshexec.hostkey;

import io.jenkins.plugins.sshexec.core.model.HostKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One line of a known_hosts file: {@code [marker] hostnames keytype base64-key [comment]} (sshd(8), "SSH_KNOWN_HOSTS FILE
 * FORMAT").
 *
 * @param hostnames patterns separated by commas, or one hashed name
 */
record KnownHostsLine(Marker marker, String hostnames, HostKey key) {

    /** What the line says of its key. */
    enum Marker {
        NONE(""),
        REVOKED("@revoked"),
        CERT_AUTHORITY("@cert-authority");

        private final String word;

        Marker(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private static final Pattern WHITE_SPACE = Pattern.compile("[ \\t]+");

    /** {@code |1|salt|hash}: HMAC-SHA1 of the name under the salt, both in Base64 (HashKnownHosts in ssh_config(5)). */
    private static final String HASHED = "|1|";

    /** @throws IllegalArgumentException where the line is not of the format */
    static KnownHostsLine parse(String line) {
        List<String> fields = List.of(WHITE_SPACE.split(line.strip(), 5));
        Marker marker = Marker.NONE;
        if (fields.get(0).startsWith("@")) {
            marker = marker(fields.get(0));
            fields = fields.subList(1, fields.size());
        }
        if (fields.size() < 3) {
            throw new IllegalArgumentException("A line has host names, key type and key.");
        }
        HostKey key = HostKey.ofBlob(Base64.getDecoder().decode(fields.get(2)));
        if (!key.type().equals(fields.get(1))) {
            throw new IllegalArgumentException("The key is not of the type that the line says.");
        }
        KnownHostsLine parsed = new KnownHostsLine(marker, fields.get(0), key);
        parsed.names(""); // fails where a hashed name is none
        return parsed;
    }

    private static Marker marker(String word) {
        for (Marker marker : Marker.values()) {
            if (marker.word.equals(word)) {
                return marker;
            }
        }
        throw new IllegalArgumentException("There is no marker " + word + ".");
    }

    /** The line for {@code key} under {@code name}, without a line end. */
    static String format(String name, HostKey key) {
        return name + " " + key.type() + " " + Base64.getEncoder().encodeToString(key.blob());
    }

    /** Whether the line is about the server with this known_hosts name; a negated pattern wins over all others. */
    boolean names(String name) {
        if (hostnames.startsWith("|")) {
            return matchesHash(name);
        }
        boolean matched = false;
        for (String pattern : hostnames.split(",")) {
            boolean negated = pattern.startsWith("!");
            if (matches(negated ? pattern.substring(1) : pattern, name)) {
                if (negated) {
                    return false;
                }
                matched = true;
            }
        }
        return matched;
    }

    /** {@code *} stands for any characters, {@code ?} for one (PATTERNS in ssh_config(5)); case does not matter. */
    private static boolean matches(String pattern, String name) {
        String regex = "\\Q"
                + pattern.toLowerCase(Locale.ROOT).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E";
        return Pattern.matches(regex, name);
    }

    private boolean matchesHash(String name) {
        String[] parts = hostnames.startsWith(HASHED)
                ? hostnames.substring(HASHED.length()).split("\\|", -1)
                : new String[0];
        if (parts.length != 2) {
            throw new IllegalArgumentException("A hashed name is |1|salt|hash.");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[0]), "HmacSHA1"));
            byte[] digest = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(digest, Base64.getDecoder().decode(parts[1]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA1", e);
        }
    }
}
