package io.jenkins.plugins.sshexec.core.transport.jsch;

import static io.jenkins.plugins.sshexec.core.transport.jsch.TransportFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.sshexec.core.error.ChannelRefused;
import io.jenkins.plugins.sshexec.core.error.SessionLost;
import io.jenkins.plugins.sshexec.core.error.SftpRefused;
import io.jenkins.plugins.sshexec.core.error.Stage;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.time.Cancellation;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import io.jenkins.plugins.sshexec.core.transport.SshSession;
import io.jenkins.plugins.sshexec.testing.OpenSshServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a real server, which is on this machine. */
@Timeout(60)
class OpenSshFilesTest {

    private static final TransportFixture FIXTURE = new TransportFixture();
    private static OpenSshServer server;
    private static SshSession session;

    @TempDir
    private Path directory;

    private RemoteFiles files;

    @BeforeAll
    static void connect() throws Exception {
        server = OpenSshServer.start("Subsystem sftp internal-sftp");
        session = FIXTURE.connect(server);
    }

    @AfterAll
    static void close() throws Exception {
        if (server != null) {
            session.close();
            server.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        files = session.openFiles(LIMIT, new Cancellation());
    }

    @AfterEach
    void closeFiles() {
        files.close();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes());
    }

    @Test
    void fileIsWrittenAndRead() throws Exception {
        byte[] bytes = new byte[5_000_003];
        new Random(1).nextBytes(bytes);
        files.write(path("big"), 0, new ByteArrayInputStream(bytes));
        assertThat(directory.resolve("big")).hasBinaryContent(bytes);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        files.read(path("big"), 0, read);
        assertThat(read.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void emptyFileIsWrittenAndRead() throws Exception {
        files.write(path("empty"), 0, InputStream.nullInputStream());
        assertThat(directory.resolve("empty")).isEmptyFile();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        files.read(path("empty"), 0, read);
        assertThat(read.size()).isZero();
    }

    @Test
    void longerFileIsCutToWhatIsWritten() throws Exception {
        Files.writeString(directory.resolve("f"), "something long");
        files.write(path("f"), 0, content("short"));
        assertThat(directory.resolve("f")).hasContent("short");
    }

    @Test
    void fileIsWrittenOnFromWhereItEnds() throws Exception {
        Files.writeString(directory.resolve("f"), "first, ");
        files.write(path("f"), 7, content("second"));
        assertThat(directory.resolve("f")).hasContent("first, second");
    }

    @Test
    void fileThatIsNotAsLongAsBelievedIsNotWrittenOn() throws Exception {
        Files.writeString(directory.resolve("f"), "first");
        assertThatThrownBy(() -> files.write(path("f"), 7, content("second"))).isInstanceOf(SessionLost.class);
        assertThat(directory.resolve("f")).hasContent("first");
        assertThat(files.isBroken()).isTrue();
    }

    @Test
    void fileIsReadFromTheMiddle() throws Exception {
        Files.writeString(directory.resolve("f"), "first, second");
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        files.read(path("f"), 7, read);
        assertThat(read).hasToString("second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a*b", "?", "back\\slash", "\\", "end\\", "two  words", "ümläut 日本", "-rf", "[x]", "'\"$(id)"})
    void noCharacterOfANameHasAMeaning(String name) throws Exception {
        Files.writeString(directory.resolve("ab"), "not this one");
        files.write(path(name), 0, content("text"));
        assertThat(directory.resolve(name)).hasContent("text");
        assertThat(files.list(directory.toString(), 10))
                .extracting(RemoteFile::name)
                .containsExactlyInAnyOrder("ab", name);
        files.rename(path(name), path("other " + name));
        files.change(path("other " + name), OptionalInt.of(0600), OptionalLong.of(1_000_000_000));
        RemoteFile file = files.look(path("other " + name)).orElseThrow();
        assertThat(file.permissions()).isEqualTo(0600);
        assertThat(file.modifiedSeconds()).isEqualTo(1_000_000_000);
        assertThat(file.sizeBytes()).isEqualTo(4);
        files.remove(path("other " + name));
        files.makeDirectory(path(name));
        assertThat(files.follow(path(name)).orElseThrow().is(Kind.DIRECTORY)).isTrue();
        assertThat(directory.resolve("ab")).hasContent("not this one");
    }

    @Test
    void linkIsALinkUnlessFollowed() throws Exception {
        Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        assertThat(files.look(path("link")).orElseThrow().kind()).isEqualTo(Kind.LINK);
        assertThat(files.follow(path("link")).orElseThrow().kind()).isEqualTo(Kind.DIRECTORY);
        assertThat(files.list(directory.toString(), 10))
                .extracting(RemoteFile::kind)
                .containsExactlyInAnyOrder(Kind.LINK, Kind.DIRECTORY);
        assertThat(files.canonical(path("link"))).isEqualTo(directory.toRealPath() + "/real");
    }

    @Test
    void pipeIsNeitherFileNorDirectory() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path("pipe")).start().waitFor()).isZero();
        assertThat(files.look(path("pipe")).orElseThrow().kind()).isEqualTo(Kind.OTHER);
    }

    @Test
    void renamingReplacesWhatIsThereAndALinkItself() throws Exception {
        Files.writeString(directory.resolve("elsewhere"), "kept");
        Files.createSymbolicLink(directory.resolve("target"), Path.of("elsewhere"));
        Files.writeString(directory.resolve("new"), "new");
        files.rename(path("new"), path("target"));
        assertThat(Files.isSymbolicLink(directory.resolve("target"))).isFalse();
        assertThat(directory.resolve("target")).hasContent("new");
        assertThat(directory.resolve("elsewhere")).hasContent("kept");
    }

    @Test
    void relativePathsBeginAtTheHomeDirectory() throws Exception {
        Process home = new ProcessBuilder("sh", "-c", "cd ~" + OpenSshServer.user() + " && pwd -P").start();
        assertThat(files.canonical("."))
                .isEqualTo(new String(home.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    @Test
    void whatIsNotThereIsEmptyToALookAndFailsElse() throws Exception {
        assertThat(files.look(path("none"))).isEmpty();
        assertThat(files.follow(path("none"))).isEmpty();
        assertThat(problemOf(() -> files.list(path("none"), 10))).isEqualTo(Problem.MISSING);
        assertThat(problemOf(() -> files.remove(path("none")))).isEqualTo(Problem.MISSING);
        assertThat(problemOf(() -> files.read(path("none"), 0, OutputStream.nullOutputStream())))
                .isEqualTo(Problem.MISSING);
    }

    @Test
    void whatTheServerRefusesLeavesTheFilesInUse() throws Exception {
        Files.createDirectory(directory.resolve("there"));
        TransferFailed refused = (TransferFailed) catchThrowable(() -> files.makeDirectory(path("there")));
        assertThat(refused.path()).isEqualTo(path("there"));
        assertThat(refused.detail()).isEqualTo("Failure");
        assertThat(files.isBroken()).isFalse();
        assertThat(files.follow(path("there"))).isPresent();
    }

    @Test
    void deniedIsTold() throws Exception {
        try (OpenSshServer ordinary = OpenSshServer.startForOrdinaryUser("Subsystem sftp internal-sftp");
                SshSession session = FIXTURE.connect(ordinary);
                RemoteFiles files = session.openFiles(LIMIT, new Cancellation())) {
            Path secret = Files.writeString(ordinary.directory().resolve("secret"), "x");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
            TransferFailed denied = (TransferFailed)
                    catchThrowable(() -> files.read(secret.toString(), 0, OutputStream.nullOutputStream()));
            assertThat(denied.problem()).isEqualTo(Problem.DENIED);
            assertThat(denied.detail()).isEqualTo("Permission denied");
        }
    }

    @Test
    void longListingsAreComplete() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Files.createFile(directory.resolve("a file with a name that takes some room in a packet " + i));
        }
        assertThat(files.list(directory.toString(), 1000)).hasSize(1000);
        assertThat(problemOf(() -> files.list(directory.toString(), 999))).isEqualTo(Problem.TOO_MANY);
        assertThat(files.look(directory.toString())).isPresent();
    }

    @Test
    void namesThatAreTooLongTogetherAreNotKept() throws Exception {
        for (int i = 0; i < 3; i++) {
            Files.createFile(directory.resolve(i + "x".repeat(250)));
        }
        assertThat(problemOf(() -> files.list(directory.toString(), 3))).isEqualTo(Problem.TOO_MANY);
    }

    @Test
    void failureOfTheContentIsPassedOn() {
        IOException failure = new IOException("of the content");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }
        };
        assertThat(catchThrowable(() -> files.write(path("f"), 0, broken))).isSameAs(failure);
        assertThat(files.isBroken()).isTrue();
    }

    @Test
    void failureOfTheReceiverIsPassedOn() throws Exception {
        Files.writeString(directory.resolve("f"), "text");
        IOException failure = new IOException("of the receiver");
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw failure;
            }
        };
        assertThat(catchThrowable(() -> files.read(path("f"), 0, broken))).isSameAs(failure);
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                begun.countDown();
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                Arrays.fill(buffer, offset, offset + length, (byte) read());
                return length;
            }
        };
        FutureTask<Throwable> writing =
                new FutureTask<>(() -> catchThrowable(() -> files.write("/dev/null", 0, endless)));
        FIXTURE.threadFactory.newThread(writing).start();
        begun.await();
        files.close();
        assertThat(writing.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(SessionLost.class);
        files.close();
        assertThatThrownBy(() -> files.look("/")).isInstanceOf(SessionLost.class);
        assertThat(session.check(LIMIT, new Cancellation()))
                .as("others go on using the session")
                .isTrue();
    }

    @Test
    void endOfTheSessionEndsWhatIsUnderWay() throws Exception {
        SshSession own = FIXTURE.connect(server);
        RemoteFiles open = own.openFiles(LIMIT, new Cancellation());
        own.close();
        assertThatThrownBy(() -> open.look("/")).isInstanceOfSatisfying(SessionLost.class, lost -> {
            assertThat(lost.stage()).isEqualTo(Stage.TRANSFER);
            assertThat(lost.detail()).isEqualTo("the session was closed here");
        });
        assertThatThrownBy(() -> own.openFiles(LIMIT, new Cancellation())).isInstanceOf(SessionLost.class);
    }

    @Test
    void cancelledBeforeItBegins() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        assertThatThrownBy(() -> session.openFiles(LIMIT, cancelled)).isInstanceOf(CancellationException.class);
    }

    @Test
    void permissionsOfTheNewFileAreTheServers() throws Exception {
        files.write(path("f"), 0, content("x"));
        assertThat(Files.getAttribute(directory.resolve("f"), "unix:mode", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(0100000 | files.look(path("f")).orElseThrow().permissions());
    }

    @Test
    void serverWithoutSftpRefuses() throws Exception {
        try (OpenSshServer without = OpenSshServer.start();
                SshSession session = FIXTURE.connect(without)) {
            assertThatThrownBy(() -> session.openFiles(LIMIT, new Cancellation()))
                    .isInstanceOf(SftpRefused.class);
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void subsystemThatPrintsSomethingElseIsRefused() throws Exception {
        try (OpenSshServer noisy = OpenSshServer.start("Subsystem sftp /bin/echo welcome to this machine");
                SshSession session = FIXTURE.connect(noisy)) {
            assertThatThrownBy(() -> session.openFiles(LIMIT, new Cancellation()))
                    .isInstanceOf(SftpRefused.class);
        }
    }

    @Test
    void channelThatIsOneTooManyIsRefused() throws Exception {
        try (OpenSshServer narrow = OpenSshServer.start("MaxSessions 1", "Subsystem sftp internal-sftp");
                SshSession session = FIXTURE.connect(narrow);
                RemoteFiles first = session.openFiles(LIMIT, new Cancellation())) {
            assertThatThrownBy(() -> session.openFiles(LIMIT, new Cancellation()))
                    .isInstanceOf(ChannelRefused.class);
            assertThat(first.look("/")).isPresent();
        }
    }

    /** Something that fails. */
    private interface Act {
        void run() throws Exception;
    }

    private static Problem problemOf(Act act) {
        return ((TransferFailed) catchThrowable(act::run)).problem();
    }
}
