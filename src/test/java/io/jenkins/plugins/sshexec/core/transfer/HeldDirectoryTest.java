package io.jenkins.plugins.sshexec.core.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.sshexec.core.transfer.Workspace.Arrival;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Manner;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build that puts a link in the place of a directory, just after that was looked at. */
class HeldDirectoryTest {

    @TempDir
    private Path directory;

    private Path top;
    private Path outside;

    @BeforeEach
    void makeDirectories() throws Exception {
        top = Files.createDirectories(directory.resolve("workspace")).toRealPath();
        outside = Files.createDirectories(directory.resolve("outside"));
        Files.createDirectories(outside.resolve("b"));
        Files.createDirectories(top.resolve("a/b"));
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(top)) {
            assumeTrue(stream instanceof SecureDirectoryStream, "This file system cannot hold directories");
        }
    }

    private void replace(String path) throws IOException {
        Files.move(top.resolve(path), directory.resolve("moved"));
        Files.createSymbolicLink(top.resolve(path), path.equals("a") ? outside : outside.resolve("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b"})
    void linkThatHasTakenThePlaceOfADirectoryIsNotFollowed(String replaced) throws Exception {
        LocalDirectory workspace = new LocalDirectory(top);
        Path found = workspace.existing("a/b");
        replace(replaced);
        assertThatThrownBy(() -> workspace.hold(found)).isInstanceOf(IOException.class);
    }

    @Test
    void linkInThePlaceOfAFileIsNotFollowed() throws Exception {
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(top.resolve("a/file"), outside.resolve("secret"));
        try (HeldDirectory held = HeldDirectory.open(top, top.resolve("a"))) {
            assertThatThrownBy(() -> held.channel("file", Set.of(StandardOpenOption.READ)))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b"})
    void fileThatArrivesMeanwhileGoesToTheDirectoryThatWasLookedAt(String replaced) throws Exception {
        FileEntry source = new FileEntry("file", false, 3, 1_600_000_000, 0640);
        Arrival arrival = new Arrival(source, "a/b/file", ".ssh-exec-1.part", false);
        try (LocalReceiver receiver =
                new LocalReceiver(new LocalDirectory(top), List.of(arrival), new Manner(true, true))) {
            receiver.begin(0, 0);
            replace(replaced);
            receiver.data(0, "new".getBytes(UTF_8));
            receiver.end(0);
        }
        try (var all = Files.walk(outside)) {
            assertThat(all.filter(Files::isRegularFile)).isEmpty();
        }
        Path file = directory.resolve(replaced.equals("a") ? "moved/b/file" : "moved/file");
        assertThat(file).hasContent("new");
        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_600_000_000_000L);
    }

    @Test
    void fileOfADirectoryIsReadAndReplaced() throws Exception {
        Files.writeString(top.resolve("a/file"), "old");
        try (HeldDirectory held = HeldDirectory.open(top, top.resolve("a"))) {
            try (SeekableByteChannel channel =
                    held.channel("new", Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                channel.write(UTF_8.encode("new"));
            }
            held.rename("new", "file");
            held.deleteIfExists("none");
            assertThat(held.attributes("none")).isEmpty();
            assertThat(held.attributes("file").orElseThrow().size()).isEqualTo(3);
        }
        assertThat(top.resolve("a/file")).hasContent("new");
        assertThat(top.resolve("a/new")).doesNotExist();
    }
}
