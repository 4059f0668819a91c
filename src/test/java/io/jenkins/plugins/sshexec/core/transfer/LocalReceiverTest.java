package io.jenkins.plugins.sshexec.core.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.sshexec.core.transfer.Workspace.Arrival;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Manner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read a file of the workspace while it arrives. */
class LocalReceiverTest {

    private static final String TEMPORARY = ".ssh-exec-1.part";

    @TempDir
    private Path directory;

    private LocalReceiver receiver(int permissions, boolean keepPermissions) throws IOException {
        FileEntry source = new FileEntry("config", false, 3, 0, permissions);
        return new LocalReceiver(
                new LocalDirectory(directory),
                List.of(new Arrival(source, "config", TEMPORARY, false)),
                new Manner(keepPermissions, false));
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
    }

    @ParameterizedTest
    @CsvSource({"rw-------", "rw-r-----"})
    void privateFileThatIsReplacedStaysPrivateAllTheTime(String permissions) throws IOException {
        Path config = Files.writeString(directory.resolve("config"), "old");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString(permissions));
        try (LocalReceiver receiver = receiver(0644, false)) {
            receiver.begin(0, 0);
            assertThat(permissions(TEMPORARY)).isEqualTo("rw-------");
            receiver.data(0, "new".getBytes(UTF_8));
            receiver.end(0);
        }
        assertThat(config).hasContent("new");
        assertThat(permissions("config")).isEqualTo(permissions);
    }

    @Test
    void copyOfAPrivateFileIsPrivateAllTheTimeWhereItsPermissionsAreKept() throws IOException {
        try (LocalReceiver receiver = receiver(0600, true)) {
            receiver.begin(0, 0);
            assertThat(permissions(TEMPORARY)).isEqualTo("rw-------");
            receiver.end(0);
        }
        assertThat(permissions("config")).isEqualTo("rw-------");
    }

    @Test
    void fileThatCannotBeClearedAwayKeepsNoOtherFromBeing() throws IOException {
        FileEntry source = new FileEntry("file", false, 3, 0, 0644);
        List<String> names = List.of("a", "b", "c");
        LocalReceiver receiver = new LocalReceiver(
                new LocalDirectory(directory),
                names.stream()
                        .map(name -> new Arrival(source, name, name + ".part", false))
                        .toList(),
                new Manner(false, false));
        for (int number = 0; number < names.size(); number++) {
            receiver.begin(number, 0);
        }
        for (String name : List.of("a.part", "b.part")) {
            Files.delete(directory.resolve(name));
            Files.createDirectory(directory.resolve(name));
        }

        assertThatThrownBy(receiver::close).isInstanceOf(IOException.class);

        assertThat(directory.resolve("c.part")).doesNotExist();
    }
}
