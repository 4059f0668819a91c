package io.jenkins.plugins.sshexec.core.transfer;

import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.DEFAULTS;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.failed;
import static io.jenkins.plugins.sshexec.core.transfer.TransferFixture.leftovers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Side;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a real server to a workspace. */
@Timeout(120)
class GetTest {

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
        workspace = directory.resolve("workspace"); // not there yet, as for a job that never checked out
        remote = Files.createDirectory(directory.resolve("remote"));
    }

    private void write(String path, String text) throws IOException {
        Path file = remote.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private TransferResult get(String from, String into) throws Exception {
        return fixture.get(remote + from, workspace, into);
    }

    private TransferResult get(FileSelection what, TransferOptions how) throws Exception {
        return fixture.get(remote.toString(), workspace, "", what, how);
    }

    @Test
    void contentOfADirectoryGoesBelowTheOther() throws Exception {
        write("logs/a.log", "a");
        write("logs/old/b.log", "bb");
        Files.createDirectories(remote.resolve("logs/empty/inner"));
        TransferResult result = get("/logs", "reports/logs");
        assertThat(workspace.resolve("reports/logs/a.log")).hasContent("a");
        assertThat(workspace.resolve("reports/logs/old/b.log")).hasContent("bb");
        assertThat(workspace.resolve("reports/logs/empty/inner")).isEmptyDirectory();
        assertThat(result.place()).isEqualTo("reports/logs");
        assertThat(result.progress().filesDone()).isEqualTo(2);
        assertThat(result.progress().bytesDone()).isEqualTo(3);
        assertThat(leftovers(workspace)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "new/", "there"})
    void singleFileKeepsItsNameInADirectory(String into) throws Exception {
        write("dump.sql", "sql");
        Files.createDirectories(workspace.resolve("there"));
        get("/dump.sql", into);
        assertThat(workspace.resolve(into).resolve("dump.sql")).hasContent("sql");
    }

    @Test
    void singleFileGetsTheNameThatIsTyped() throws Exception {
        write("dump.sql", "sql");
        assertThat(get("/dump.sql", "new/today.sql").place()).isEqualTo("new/today.sql");
        assertThat(workspace.resolve("new/today.sql")).hasContent("sql");
    }

    @Test
    void manyFilesOfAllSizesArriveByteForByte() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[i % 10 == 0 ? 700_000 + i : i * 40];
            random.nextBytes(bytes);
            Path file = remote.resolve("d" + i % 7 + "/f" + i);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        }
        assertThat(get("", "").progress().filesDone()).isEqualTo(60);
        for (int i = 0; i < 60; i++) {
            String path = "d" + i % 7 + "/f" + i;
            assertThat(workspace.resolve(path)).hasBinaryContent(Files.readAllBytes(remote.resolve(path)));
        }
        assertThat(leftovers(workspace)).isEmpty();
    }

    @Test
    void onlyWhatIsIncludedAndNotExcludedIsCopied() throws Exception {
        write("a.txt", "1");
        write("b.log", "2");
        write("sub/c.txt", "3");
        write("sub/private/d.txt", "4");
        get(FileSelection.of("**/*.txt", "**/private/**"), DEFAULTS);
        assertThat(workspace.resolve("a.txt")).exists();
        assertThat(workspace.resolve("sub/c.txt")).exists();
        assertThat(workspace.resolve("b.log")).doesNotExist();
        assertThat(workspace.resolve("sub/private")).doesNotExist();
    }

    @Test
    void nothingThatMatchesFails() throws Exception {
        write("a.txt", "1");
        TransferFailed failure = failed(catchThrowable(() -> get(FileSelection.of("*.zip", ""), DEFAULTS)));
        assertThat(failure.problem()).isEqualTo(Problem.NOTHING);
        assertThat(failure.side()).isEqualTo(Side.HOST);
    }

    @Test
    void flatPutsAllIntoOneDirectory() throws Exception {
        write("a/x.txt", "x");
        write("b/c/y.txt", "y");
        get(FileSelection.ALL, new TransferOptions(true, Overwrite.ALWAYS, true, false));
        assertThat(workspace.toFile().list()).containsExactlyInAnyOrder("x.txt", "y.txt");
    }

    @Test
    void permissionsAndTimesAreThoseOfTheSourceWhereKept() throws Exception {
        write("run.sh", "x");
        write("secret", "s");
        Files.setPosixFilePermissions(remote.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setPosixFilePermissions(remote.resolve("secret"), PosixFilePermissions.fromString("r--------"));
        Files.setLastModifiedTime(remote.resolve("run.sh"), FileTime.fromMillis(1_600_000_000_000L));
        get(FileSelection.ALL, new TransferOptions(false, Overwrite.ALWAYS, true, true));
        assertThat(permissions("run.sh")).isEqualTo("rwxr-x--x");
        assertThat(permissions("secret")).isEqualTo("r--------");
        assertThat(Files.getLastModifiedTime(workspace.resolve("run.sh")).toMillis())
                .isEqualTo(1_600_000_000_000L);
    }

    @Test
    void permissionsAreThoseOfTheFileThatIsReplacedWhereTheyAreNotKept() throws Exception {
        write("config", "new");
        Files.createDirectory(workspace);
        Files.writeString(workspace.resolve("config"), "old");
        Files.setPosixFilePermissions(workspace.resolve("config"), PosixFilePermissions.fromString("rw-------"));
        get(FileSelection.ALL, new TransferOptions(false, Overwrite.ALWAYS, false, false));
        assertThat(workspace.resolve("config")).hasContent("new");
        assertThat(permissions("config")).isEqualTo("rw-------");
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(workspace.resolve(name)));
    }

    @Test
    void neverLeavesWhatIsThere() throws Exception {
        write("a", "new");
        write("b", "new");
        Files.createDirectory(workspace);
        Files.writeString(workspace.resolve("a"), "old");
        TransferResult result = get(FileSelection.ALL, new TransferOptions(false, Overwrite.NEVER, true, false));
        assertThat(workspace.resolve("a")).hasContent("old");
        assertThat(workspace.resolve("b")).hasContent("new");
        assertThat(result.progress().filesKept()).isEqualTo(1);
    }

    @Test
    void differentCopiesWhatHasChangedAndNothingElse() throws Exception {
        TransferOptions different = new TransferOptions(false, Overwrite.DIFFERENT, true, false);
        write("a", "one");
        write("b", "one");
        get(FileSelection.ALL, different);
        write("b", "longer");
        assertThat(get(FileSelection.ALL, different).progress().filesKept()).isEqualTo(1);
        assertThat(workspace.resolve("b")).hasContent("longer");
    }

    @Test
    void fileTakesThePlaceOfALinkAndDoesNotGoThroughIt() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "kept");
        Files.createDirectory(workspace);
        Files.createSymbolicLink(workspace.resolve("a"), victim);
        write("a", "new");
        get("", "");
        assertThat(victim).hasContent("kept");
        assertThat(Files.isSymbolicLink(workspace.resolve("a"))).isFalse();
        assertThat(workspace.resolve("a")).hasContent("new");
    }

    @Test
    void linkInTheWorkspaceDoesNotLeadOutOfIt() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createDirectory(workspace);
        Files.createSymbolicLink(workspace.resolve("sub"), outside);
        write("sub/a", "new");
        TransferFailed failure = failed(catchThrowable(() -> get("", "")));
        assertThat(failure.problem()).isEqualTo(Problem.OUTSIDE);
        assertThat(failure.side()).isEqualTo(Side.WORKSPACE);
        assertThat(failed(catchThrowable(() -> get("", "sub"))).problem()).isEqualTo(Problem.OUTSIDE);
        assertThat(outside).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "/tmp/ssh-exec-none", "a/../../x"})
    void workspaceIsNotLeft(String into) throws Exception {
        write("a", "new");
        assertThat(failed(catchThrowable(() -> get("", into))).problem()).isEqualTo(Problem.OUTSIDE);
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void linkOnTheServerThatStaysWithinIsWhatItLeadsTo() throws Exception {
        write("real/a", "text");
        Files.createSymbolicLink(remote.resolve("link"), Path.of("real"));
        Files.createSymbolicLink(remote.resolve("b"), Path.of("real/a"));
        get("", "");
        assertThat(workspace.resolve("link/a")).hasContent("text");
        assertThat(workspace.resolve("b")).hasContent("text");
        assertThat(Files.isSymbolicLink(workspace.resolve("link"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "."})
    void linkOnTheServerDoesNotLeadOutOfTheDirectory(String to) throws Exception {
        Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(remote.resolve("innocent"), directory.resolve(to));
        TransferFailed failure = failed(catchThrowable(() -> get("", "")));
        assertThat(failure.problem()).isEqualTo(Problem.OUTSIDE);
        assertThat(failure.path()).endsWith("/remote/innocent");
        write("a", "text");
        get(FileSelection.of("", "innocent, innocent/**"), DEFAULTS);
        assertThat(workspace.toFile().list()).containsExactly("a");
    }

    @Test
    void linkToADirectoryAboveIsRefusedRatherThanFollowedForEver() throws Exception {
        write("a/b/c", "text");
        Files.createSymbolicLink(remote.resolve("a/b/up"), remote.resolve("a"));
        assertThat(failed(catchThrowable(() -> get("", ""))).detail()).contains("link to a directory that it is in");
    }

    @Test
    void pipeIsNotCopied() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", remote + "/pipe").start().waitFor())
                .isZero();
        assertThat(failed(catchThrowable(() -> get("", ""))).problem()).isEqualTo(Problem.SPECIAL);
    }

    @Test
    void whatIsNotThereFails() {
        TransferFailed failure = failed(catchThrowable(() -> get("/none", "")));
        assertThat(failure.problem()).isEqualTo(Problem.MISSING);
        assertThat(failure.side()).isEqualTo(Side.HOST);
    }

    @Test
    void directoryInThePlaceOfAFileFailsAndLeavesNothing() throws Exception {
        write("a", "text");
        Files.createDirectories(workspace.resolve("a"));
        TransferFailed failure = failed(catchThrowable(() -> get("", "")));
        assertThat(failure.detail()).isEqualTo("it is a directory");
        assertThat(failure.side()).isEqualTo(Side.WORKSPACE);
        assertThat(leftovers(workspace)).isEmpty();
    }

    @Test
    void temporaryFilesOfOthersAreNotFetched() throws Exception {
        write("a", "text");
        write(".ssh-exec-0123.part", "half");
        get("", "");
        assertThat(workspace.toFile().list()).containsExactly("a");
    }
}
