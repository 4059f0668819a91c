package io.jenkins.plugins.sshexec.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The file that a step copies, and what there was in its place before.
 *
 * @param workspace a directory
 * @param host another one, of the server's
 */
record CopiedFile(Operation operation, Path workspace, Path host, byte[] content) {

    private static final String NAME = "file";
    private static final byte[] OLD = "what was there before".getBytes(StandardCharsets.UTF_8);

    /** @param replaces whether there is a file already where this one goes */
    static CopiedFile made(Operation operation, Path workspace, Path host, boolean replaces) throws IOException {
        byte[] content = new byte[Work.FILE_BYTES];
        new Random(5).nextBytes(content);
        CopiedFile made =
                new CopiedFile(operation, Files.createDirectories(workspace), Files.createDirectories(host), content);
        Files.write((operation == Operation.PUT ? workspace : host).resolve(NAME), content);
        if (replaces) {
            Files.write(made.target(), OLD);
        }
        return made;
    }

    private Path target() {
        return (operation == Operation.PUT ? host : workspace).resolve(NAME);
    }

    /**
     * @param replaces as it was made
     * @param tidied whether the host could be told to remove what had come of a file that did not become complete
     */
    void assertThatItIsCompleteOrAsBefore(boolean complete, boolean replaces, boolean tidied) throws IOException {
        if (complete) {
            assertThat(target()).hasBinaryContent(content);
        } else if (replaces) {
            assertThat(target()).hasBinaryContent(OLD);
        } else {
            assertThat(target()).doesNotExist();
        }
        if (tidied) { // a workspace may do that a moment after the step has ended
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(namesAround(target())).isSubsetOf(NAME));
        }
    }

    private static List<String> namesAround(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
