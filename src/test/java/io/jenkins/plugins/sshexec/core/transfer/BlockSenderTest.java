package io.jenkins.plugins.sshexec.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Block;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Piece;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a workspace, asked for block by block. */
@Timeout(60)
class BlockSenderTest {

    private static final int BLOCK = Workspace.BLOCK_BYTES;

    @TempDir
    private Path directory;

    private final Random random = new Random(3);

    private Piece write(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        Files.write(directory.resolve(name), bytes);
        return new Piece(name, 0, size, "");
    }

    @Test
    void filesArriveByteForByteWhereverBlocksEnd() throws Exception {
        List<Piece> pieces = new ArrayList<>();
        for (int size : new int[] {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 0, 3 * BLOCK + 17}) {
            pieces.add(write("large" + pieces.size(), size));
        }
        for (int i = 0; i < 600; i++) {
            pieces.add(write("small" + i, i * 7));
        }

        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        new BlockSender(new LocalWorkspace(directory), "").send(pieces, sent);

        ContentStream content = new ContentStream(new ByteArrayInputStream(sent.toByteArray()));
        for (Piece piece : pieces) {
            assertThat(content.next().readAllBytes())
                    .as(piece.path())
                    .isEqualTo(Files.readAllBytes(directory.resolve(piece.path())));
        }
    }

    @Test
    void fileIsReadFromTheByteOnThatIsWanted() throws Exception {
        write("file", BLOCK);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        new BlockSender(new LocalWorkspace(directory), "").send(List.of(new Piece("file", BLOCK - 5, BLOCK, "")), sent);
        byte[] all = Files.readAllBytes(directory.resolve("file"));
        assertThat(new ContentStream(new ByteArrayInputStream(sent.toByteArray())).next())
                .hasBinaryContent(Arrays.copyOfRange(all, BLOCK - 5, BLOCK));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, BLOCK, BLOCK + 5})
    void whatAFileHasBehindItsListedEndIsLeftOut(int listed) throws Exception {
        write("file", 3 * BLOCK);
        Piece after = write("after", 9);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        new BlockSender(new LocalWorkspace(directory), "").send(List.of(new Piece("file", 0, listed, ""), after), sent);

        ContentStream stream = new ContentStream(new ByteArrayInputStream(sent.toByteArray()));
        ContentStream.Content content = stream.next();
        assertThat(content.readAllBytes())
                .isEqualTo(Arrays.copyOf(Files.readAllBytes(directory.resolve("file")), listed));
        assertThat(content.hasGrown()).isTrue();
        ContentStream.Content next = stream.next();
        assertThat(next.readAllBytes()).hasSize(9);
        assertThat(next.hasGrown()).isFalse();
    }

    @Test
    void agentIsAskedForNoMoreThanWhatHasRoomHere() throws Exception {
        Piece piece = write("file", 8 * BLOCK);
        AtomicInteger asked = new AtomicInteger();
        Workspace watched = new LocalWorkspace(directory) {
            @Override
            public Block read(String base, List<Piece> pieces) throws IOException {
                asked.incrementAndGet();
                return super.read(base, pieces);
            }
        };
        BoundedPipe pipe = new BoundedPipe();
        Thread sender = new Thread(() -> {
            try {
                new BlockSender(watched, "").send(List.of(piece), pipe.output());
            } catch (IOException | InterruptedException e) {
                // Broken off below.
            }
        });
        sender.start();

        await().atMost(Duration.ofSeconds(30)).until(() -> sender.getState() == Thread.State.WAITING);
        assertThat(asked).as("one that has come, and one after it").hasValue(2);

        pipe.breakOff(new IOException("enough"));
        sender.join();
        assertThat(asked).hasValue(2);
    }

    @Test
    void fileThatIsReplacedBetweenTwoBlocksIsNotMixedWithTheOther() throws Exception {
        Piece piece = write("file", 2 * BLOCK);
        OutputStream replacing = new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                BlockSenderTest.this.write("other", 3 * BLOCK);
                Files.move(directory.resolve("other"), directory.resolve("file"), StandardCopyOption.REPLACE_EXISTING);
            }
        };
        assertThatThrownBy(() -> new BlockSender(new LocalWorkspace(directory), "").send(List.of(piece), replacing))
                .isInstanceOfSatisfying(WorkspaceException.class, failure -> assertThat(failure.problem())
                        .isEqualTo(Problem.CHANGED));
    }

    /** Else a hostile agent could be asked for ever, or for a file that nobody wanted. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 2, 0})
    void answersThatMakeNoSenseEndIt(int complete) {
        Workspace hostile = new LocalWorkspace(directory) {
            @Override
            public Block read(String base, List<Piece> pieces) {
                return new Block(new byte[complete == 0 ? 0 : 4], complete, null);
            }
        };
        assertThatThrownBy(() -> new BlockSender(hostile, "")
                        .send(List.of(new Piece("file", 0, 1, "")), OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("makes no sense");
    }
}
