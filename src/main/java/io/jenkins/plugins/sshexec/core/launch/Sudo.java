package io.jenkins.plugins.sshexec.core.launch;

import io.jenkins.plugins.sshexec.core.model.SecretBytes;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * That a command runs as another user, by sudo(8).
 *
 * @param user a name, or {@code #} and a number; of characters that need no quotes
 * @param password of the user who logs in, unless sudo is set up otherwise; empty where there is none. Wiped by whoever made it.
 */
public record Sudo(String user, Optional<SecretBytes> password) {

    private static final Pattern USER = Pattern.compile("#[0-9]+|[A-Za-z0-9_][A-Za-z0-9_.@+-]*[$]?");

    public Sudo {
        Objects.requireNonNull(password, "password");
        if (!isUser(user)) {
            throw new IllegalArgumentException("Not a user's name: " + user);
        }
    }

    /** Whether it could be a user's name. */
    public static boolean isUser(String name) {
        return USER.matcher(name).matches();
    }
}
