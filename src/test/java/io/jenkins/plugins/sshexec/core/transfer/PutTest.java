package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.failed;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.leftovers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a workspace to a real server. */
@Timeout(120)
class PutTest {

    private static TransferFixture fixture;

    @TempDir
    private Path directory;

    private Path workspace;
    private Path remote;

    @BeforeAll
    static void start() throws Exception {
        fixture = new TransferFixture();
    }

    @AfterAll
    static void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    @BeforeEach
    void makeDirectories() throws Exception {
        workspace = Files.createDirectory(directory.resolve("workspace"));
        remote = Files.createDirectory(directory.resolve("remote"));
    }

    private void write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private TransferResult put(String from, String into) throws Exception {
        return fixture.put(workspace, from, remote + into);
    }

    private TransferResult put(FileSelection what, TransferOptions how) throws Exception {
        return fixture.put(workspace, "", remote + "/", what, how);
    }

    private static TransferOptions overwrite(Overwrite overwrite) {
        return new TransferOptions(false, overwrite, true, false);
    }

    @Test
    void contentOfADirectoryGoesBelowTheOther() throws Exception {
        write("dist/index.html", "<html>");
        write("dist/a/b/c.txt", "deep");
        Files.createDirectories(workspace.resolve("dist/empty/inner"));
        TransferResult result = put("dist", "/srv/shop");
        assertThat(remote.resolve("srv/shop/index.html")).hasContent("<html>");
        assertThat(remote.resolve("srv/shop/a/b/c.txt")).hasContent("deep");
        assertThat(remote.resolve("srv/shop/empty/inner")).isEmptyDirectory();
        assertThat(result.place()).isEqualTo(remote.toRealPath() + "/srv/shop");
        assertThat(result.progress().filesDone()).isEqualTo(2);
        assertThat(result.progress().bytesDone()).isEqualTo(10);
        assertThat(leftovers(remote)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/there"})
    void singleFileKeepsItsNameInADirectory(String into) throws Exception {
        write("a/app.war", "war");
        Files.createDirectory(remote.resolve("there"));
        put("a/app.war", into);
        assertThat(remote.resolve(into.substring(into.isEmpty() ? 0 : 1)).resolve("app.war"))
                .hasContent("war");
    }

    @Test
    void singleFileGetsTheNameThatIsTyped() throws Exception {
        write("app.war", "war");
        assertThat(put("app.war", "/new/shop.war").place()).endsWith("/new/shop.war");
        assertThat(remote.resolve("new/shop.war")).hasContent("war");
    }

    @Test
    void manyFilesOfAllSizesArriveByteForByte() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[i % 10 == 0 ? 700_000 + i : i * 40];
            random.nextBytes(bytes);
            Path file = workspace.resolve("d" + i % 7 + "/f" + i);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        }
        TransferResult result = put("", "");
        assertThat(result.progress().filesDone()).isEqualTo(60);
        for (int i = 0; i < 60; i++) {
            String path = "d" + i % 7 + "/f" + i;
            assertThat(remote.resolve(path)).hasBinaryContent(Files.readAllBytes(workspace.resolve(path)));
        }
        assertThat(leftovers(remote)).isEmpty();
    }

    @Test
    void onlyWhatIsIncludedAndNotExcludedIsCopied() throws Exception {
        write("a.txt", "1");
        write("b.log", "2");
        write("sub/c.txt", "3");
        write("sub/private/d.txt", "4");
        put(FileSelection.of("**/*.txt", "**/private/**"), DEFAULTS);
        assertThat(remote.resolve("a.txt")).exists();
        assertThat(remote.resolve("sub/c.txt")).exists();
        assertThat(remote.resolve("b.log")).doesNotExist();
        assertThat(remote.resolve("sub/private")).doesNotExist();
    }

    @Test
    void nothingThatMatchesFails() throws Exception {
        write("a.txt", "1");
        TransferFailed failure = failed(catchThrowable(() -> put(FileSelection.of("*.zip", ""), DEFAULTS)));
        assertThat(failure.problem()).isEqualTo(Problem.NOTHING);
        assertThat(failure.side()).isEqualTo(Side.WORKSPACE);
    }

    @Test
    void flatPutsAllIntoOneDirectory() throws Exception {
        write("a/x.txt", "x");
        write("b/c/y.txt", "y");
        put(FileSelection.ALL, new TransferOptions(true, Overwrite.ALWAYS, true, false));
        assertThat(remote.toFile().list()).containsExactlyInAnyOrder("x.txt", "y.txt");
    }

    @Test
    void twoFilesOfOneNameAreNotMadeFlat() throws Exception {
        write("a/x.txt", "x");
        write("b/x.txt", "y");
        TransferFailed failure = failed(
                catchThrowable(() -> put(FileSelection.ALL, new TransferOptions(true, Overwrite.ALWAYS, true, false))));
        assertThat(failure.problem()).isEqualTo(Problem.TWICE);
        assertThat(remote).isEmptyDirectory();
    }

    @Test
    void permissionsAreThoseOfTheSource() throws Exception {
        write("deploy.sh", "#!/bin/sh");
        write("secret", "s");
        Files.setPosixFilePermissions(workspace.resolve("deploy.sh"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setPosixFilePermissions(workspace.resolve("secret"), PosixFilePermissions.fromString("r--------"));
        put("", "");
        assertThat(permissions("deploy.sh")).isEqualTo("rwxr-x--x");
        assertThat(permissions("secret")).isEqualTo("r--------");
    }

    @Test
    void permissionsAreThoseOfTheFileThatIsReplacedWhereTheyAreNotKept() throws Exception {
        write("config", "new");
        Files.writeString(remote.resolve("config"), "old");
        Files.setPosixFilePermissions(remote.resolve("config"), PosixFilePermissions.fromString("rw-------"));
        put(FileSelection.ALL, new TransferOptions(false, Overwrite.ALWAYS, false, false));
        assertThat(remote.resolve("config")).hasContent("new");
        assertThat(permissions("config")).isEqualTo("rw-------");
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(remote.resolve(name)));
    }

    @Test
    void timesAreKeptWhereThatIsWanted() throws Exception {
        write("a", "x");
        FileTime time = FileTime.fromMillis(1_600_000_000_000L);
        Files.setLastModifiedTime(workspace.resolve("a"), time);
        put(FileSelection.ALL, new TransferOptions(false, Overwrite.ALWAYS, true, true));
        assertThat(Files.getLastModifiedTime(remote.resolve("a"))).isEqualTo(time);
    }

    @Test
    void neverLeavesWhatIsThere() throws Exception {
        write("a", "new");
        write("b", "new");
        Files.writeString(remote.resolve("a"), "old");
        TransferResult result = put(FileSelection.ALL, overwrite(Overwrite.NEVER));
        assertThat(remote.resolve("a")).hasContent("old");
        assertThat(remote.resolve("b")).hasContent("new");
        assertThat(result.progress().filesKept()).isEqualTo(1);
    }

    @Test
    void differentCopiesWhatHasChangedAndNothingElse() throws Exception {
        for (int i = 0; i < 20; i++) {
            write("f" + i, "one");
        }
        put(FileSelection.ALL, overwrite(Overwrite.DIFFERENT));
        write("f3", "longer");
        Files.setLastModifiedTime(workspace.resolve("f4"), FileTime.fromMillis(1_600_000_000_000L));
        TransferResult second = put(FileSelection.ALL, overwrite(Overwrite.DIFFERENT));
        assertThat(second.progress().filesKept()).isEqualTo(18);
        assertThat(remote.resolve("f3")).hasContent("longer");
        assertThat(Files.getLastModifiedTime(remote.resolve("f4")).toMillis()).isEqualTo(1_600_000_000_000L);
    }

    @Test
    void newerLeavesWhatIsYounger() throws Exception {
        write("a", "new");
        write("b", "new");
        Files.writeString(remote.resolve("a"), "old");
        Files.writeString(remote.resolve("b"), "young");
        Files.setLastModifiedTime(remote.resolve("a"), FileTime.fromMillis(1_000_000_000_000L));
        Files.setLastModifiedTime(remote.resolve("b"), FileTime.fromMillis(4_000_000_000_000L));
        put(FileSelection.ALL, overwrite(Overwrite.NEWER));
        assertThat(remote.resolve("a")).hasContent("new");
        assertThat(remote.resolve("b")).hasContent("young");
    }

    @Test
    void fileTakesThePlaceOfALinkAndDoesNotGoThroughIt() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "kept");
        Files.createSymbolicLink(remote.resolve("a"), victim);
        write("a", "new");
        put("", "");
        assertThat(victim).hasContent("kept");
        assertThat(Files.isSymbolicLink(remote.resolve("a"))).isFalse();
        assertThat(remote.resolve("a")).hasContent("new");
    }

    @Test
    void linkOnTheServerDoesNotLeadOutOfTheDirectory() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(remote.resolve("sub"), outside);
        write("sub/a", "new");
        TransferFailed failure = failed(catchThrowable(() -> put("", "")));
        assertThat(failure.problem()).isEqualTo(Problem.OUTSIDE);
        assertThat(failure.side()).isEqualTo(Side.HOST);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void linkOnTheServerThatStaysWithinIsFollowed() throws Exception {
        Files.createDirectories(remote.resolve("releases/5"));
        Files.createSymbolicLink(remote.resolve("current"), Path.of("releases/5"));
        write("current/a", "new");
        put("", "");
        assertThat(remote.resolve("releases/5/a")).hasContent("new");
        assertThat(Files.isSymbolicLink(remote.resolve("current"))).isTrue();
    }

    @Test
    void linkOfTheWorkspaceToAFileOutsideIsNotCopied() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(workspace.resolve("innocent.txt"), secret);
        TransferFailed failure = failed(catchThrowable(() -> put("", "")));
        assertThat(failure.problem()).isEqualTo(Problem.OUTSIDE);
        assertThat(failure.path()).isEqualTo("innocent.txt");
        assertThat(remote).isEmptyDirectory();
        assertThat(failed(catchThrowable(() -> put("innocent.txt", ""))).problem())
                .isEqualTo(Problem.OUTSIDE);
    }

    @Test
    void linkOfTheWorkspaceThatStaysWithinIsWhatItLeadsTo() throws Exception {
        write("real/a", "text");
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("real"));
        put("", "");
        assertThat(remote.resolve("link/a")).hasContent("text");
        assertThat(Files.isSymbolicLink(remote.resolve("link"))).isFalse();
    }

    @Test
    void linkToADirectoryAboveIsRefusedRatherThanFollowedForEver() throws Exception {
        write("a/b/c", "text");
        Files.createSymbolicLink(workspace.resolve("a/b/up"), workspace.resolve("a"));
        assertThat(failed(catchThrowable(() -> put("", ""))).detail()).contains("link to a directory that it is in");
        put(FileSelection.of("", "a/b/up/"), DEFAULTS);
        assertThat(remote.resolve("a/b/c")).hasContent("text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../secret", "/etc/hostname", "a/../../secret"})
    void workspaceIsNotLeft(String from) throws Exception {
        Files.writeString(directory.resolve("secret"), "secret");
        write("a/x", "x");
        TransferFailed failure = failed(catchThrowable(() -> put(from, "")));
        assertThat(failure.problem()).isEqualTo(Problem.OUTSIDE);
        assertThat(remote).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../evil", "/tmp/evil", "a/../../evil", "..\\evil", "", "a//b", "./a", "nul\0"})
    void namesThatAnAgentMakesUpDoNotLeadOutOfTheDirectory(String path) throws Exception {
        Workspace hostile = new HostileWorkspace(workspace, path);
        TransferFailed failure = failed(catchThrowable(() -> put(hostile, remote + "/in")));
        assertThat(failure.problem()).isEqualTo(Problem.NAME);
        assertThat(remote).isEmptyDirectory();
    }

    @Test
    void agentDoesNotMakeAFileThatRunsAsItsOwner() throws Exception {
        write("tool", "x");
        put(new HostileWorkspace(workspace, "tool", 06755), remote.toString());
        assertThat((int) Files.getAttribute(remote.resolve("tool"), "unix:mode") & 07777)
                .isEqualTo(0755);
    }

    private void put(Workspace agent, String into) throws Exception {
        TransferFixture.end(fixture.transfer.run(
                fixture.request(
                        fixture.server.endpoint(),
                        TransferRequest.Direction.PUT,
                        "",
                        into,
                        FileSelection.ALL,
                        DEFAULTS),
                agent,
                new TransferFixture.Events(),
                new Cancellation()));
    }

    @Test
    void whatIsNotThereFails() {
        TransferFailed failure = failed(catchThrowable(() -> put("none", "")));
        assertThat(failure.problem()).isEqualTo(Problem.MISSING);
        assertThat(failure.path()).isEqualTo("none");
    }

    @Test
    void directoryInThePlaceOfAFileFailsAndLeavesNothing() throws Exception {
        Files.createDirectory(remote.resolve("a"));
        write("a", "text");
        TransferFailed failure = failed(catchThrowable(() -> put("", "")));
        assertThat(failure.detail()).isEqualTo("it is a directory");
        assertThat(failure.path()).endsWith("/remote/a");
        assertThat(leftovers(remote)).isEmpty();
    }

    @Test
    void fileInThePlaceOfADirectoryFails() throws Exception {
        Files.writeString(remote.resolve("a"), "a file");
        write("a/b", "text");
        assertThat(failed(catchThrowable(() -> put("", ""))).detail()).isEqualTo("it is no directory");
    }

    @Test
    void fileThatGetsShorterOnItsWayFailsAndChangesNothing() throws Exception {
        Files.writeString(remote.resolve("a"), "old");
        write("a", "new and long");
        Workspace shrinking = new LocalWorkspace(workspace) {
            @Override
            public Block read(String base, List<Piece> pieces) throws IOException {
                Files.writeString(workspace.resolve("a"), "new");
                return super.read(base, pieces);
            }
        };
        TransferFailed failure = failed(catchThrowable(() -> TransferFixture.end(fixture.transfer.run(
                fixture.request(
                        fixture.server.endpoint(),
                        TransferRequest.Direction.PUT,
                        "",
                        remote.toString(),
                        FileSelection.ALL,
                        DEFAULTS),
                shrinking,
                new TransferFixture.Events(),
                new Cancellation()))));
        assertThat(failure.problem()).isEqualTo(Problem.CHANGED);
        assertThat(failure.side()).isEqualTo(Side.WORKSPACE);
        assertThat(remote.resolve("a")).hasContent("old");
        assertThat(leftovers(remote)).isEmpty();
    }

    @Test
    void serverThatCannotReplaceIsHelpedByRemovingFirst() throws Exception {
        try (TransferFixture old = new TransferFixture("Subsystem sftp internal-sftp -P posix-rename")) {
            write("a", "new");
            Files.writeString(remote.resolve("a"), "old");
            old.put(workspace, "", remote.toString());
            assertThat(remote.resolve("a")).hasContent("new");
            assertThat(leftovers(remote)).isEmpty();
        }
    }
}
