package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.model.Endpoint;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What a file is called until all of it is there, in the directory that it goes to. The name is made of what the file is, so
 * that a later transfer of the same file finds what an earlier one has left; by a key that nobody else has, so that no other
 * user of the host can guess it and be there first. Thread-safe; one for the controller.
 */
public final class TemporaryNames {

    private static final String PREFIX = ".ssh-exec-";
    private static final String SUFFIX = ".part";
    private static final int LENGTH = 32;

    private final UnaryOperator<String> mac;

    /** Names that a transfer writes to now; another one of the same file must not. */
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();

    /** @param mac a message authentication code under a key of the controller, in hexadecimal */
    public TemporaryNames(UnaryOperator<String> mac) {
        this.mac = mac;
    }

    /**
     * A name that nobody else uses until it is closed.
     *
     * @param directory where it is, on whichever side
     */
    Name take(Endpoint endpoint, String directory, String target, FileEntry source) {
        String identity = String.join(
                "\0",
                endpoint.toString(),
                directory,
                target,
                source.path(),
                Long.toString(source.sizeBytes()),
                Long.toString(source.modifiedSeconds()));
        String code = mac.apply(identity).substring(0, LENGTH);
        if (inUse.add(code)) {
            return new Name(PREFIX + code + SUFFIX, () -> inUse.remove(code));
        }
        return new Name(PREFIX + UUID.randomUUID().toString().replace("-", "") + SUFFIX, () -> {});
    }

    static boolean isTemporary(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /** One such name; closing it twice does nothing. */
    record Name(String text, Runnable release) implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }
}
