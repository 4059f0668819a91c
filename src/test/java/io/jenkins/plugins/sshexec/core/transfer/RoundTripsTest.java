package io.jenkins.plugins.sshexec.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.testing.RemoteCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server is asked for many small files, by its own log: on a long line, each of it is waited for. */
@Timeout(120)
class RoundTripsTest {

    private static final int FILES = 40;

    @TempDir
    private Path directory;

    private Path workspace;
    private Path log;
    private TransferFixture fixture;

    @BeforeEach
    void start() throws Exception {
        workspace = Files.createDirectory(directory.resolve("workspace"));
        log = directory.resolve("log");
        fixture = new TransferFixture(
                "Subsystem sftp " + RemoteCall.installedSftpServer() + " -u 022 -e -l DEBUG3 2>>" + log);
    }

    @AfterEach
    void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    private Path file(int number) {
        return workspace.resolve("a/b/f" + number);
    }

    private void write(String permissions) throws IOException {
        Files.createDirectories(file(0).getParent());
        for (int i = 0; i < FILES; i++) {
            Files.writeString(file(i), "content");
            Files.setPosixFilePermissions(file(i), PosixFilePermissions.fromString(permissions));
        }
    }

    private String put(Path into) throws Exception {
        fixture.put(workspace, "", into.toString());
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(into.resolve("a/b/f" + (FILES - 1))));
    }

    private List<String> requests(String name) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.matches("debug\\d: request \\d+: " + name + "\\b.*"))
                    .toList();
        }
    }

    @Test
    void newFileTakesFourRequests() throws Exception {
        write("rw-r--r--");
        assertThat(put(directory.resolve("new"))).isEqualTo("rw-r--r--");
        assertThat(requests("(open|write|close|posix-rename)")).hasSize(4 * FILES);
        assertThat(requests("setstat")).isEmpty();
        assertThat(requests("lstat")).as("one file for each lane").hasSizeLessThanOrEqualTo(Lanes.MAX_LANES);
    }

    @Test
    void permissionsThatTheServerDoesNotGiveByItselfAreSetForEachFile() throws Exception {
        write("rwxrwxr-x");
        assertThat(put(directory.resolve("new"))).isEqualTo("rwxrwxr-x");
        assertThat(requests("setstat")).hasSize(FILES);
    }

    /** A file of the temporary name may be left there, and keeps the permissions that it has. */
    @Test
    void permissionsAreSetInADirectoryThatWasThere() throws Exception {
        write("rw-r--r--");
        Path into = directory.resolve("old");
        Files.createDirectories(into.resolve("a/b"));
        assertThat(put(into)).isEqualTo("rw-r--r--");
        assertThat(requests("setstat")).hasSize(FILES);
    }
}
