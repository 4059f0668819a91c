package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Block;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Piece;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/** Reads a block of files of this machine. */
final class BlockReader implements Closeable {

    private static final int BUFFER_BYTES = 128 * 1024;

    private final LocalDirectory workspace;
    private final String base;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream(BUFFER_BYTES);
    private final DataOutputStream out = new DataOutputStream(content);
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** That of the last file; null before the first one. */
    private HeldDirectory held;

    /** @param base below the workspace; what the files are in */
    BlockReader(LocalDirectory workspace, String base) {
        this.workspace = workspace;
        this.base = base;
    }

    Block read(List<Piece> pieces) throws IOException {
        int complete = 0;
        for (Piece piece : pieces) {
            if (isFull()) {
                break;
            }
            Piece rest = read(piece);
            if (rest != null) {
                return new Block(content.toByteArray(), complete, rest);
            }
            complete++;
        }
        return new Block(content.toByteArray(), complete, null);
    }

    private boolean isFull() {
        return content.size() >= Workspace.BLOCK_BYTES;
    }

    /** @return what did not fit; null for nothing */
    private Piece read(Piece piece) throws IOException {
        Path file = workspace.existing(RelativePath.join(base, piece.path()));
        String name = LocalDirectory.name(file);
        try (InputStream in = Channels.newInputStream(
                hold(LocalDirectory.parent(file)).channel(name, Set.of(StandardOpenOption.READ)))) {
            String identity = identity(name);
            if (!piece.identity().isEmpty() && !piece.identity().equals(identity)) {
                // Half of one file and half of another would be neither.
                throw new WorkspaceException(piece.path(), Problem.CHANGED, "");
            }
            in.skipNBytes(piece.offset());
            long offset = piece.offset();
            while (!isFull()) {
                long most = Math.min(BUFFER_BYTES, Workspace.BLOCK_BYTES - content.size());
                int count = in.read(buffer, 0, (int) Math.min(most, piece.end() - offset + 1));
                if (count < 0) {
                    ContentStream.end(false, out);
                    return null;
                }
                if (count > piece.end() - offset) {
                    ContentStream.data(buffer, (int) (piece.end() - offset), out);
                    ContentStream.end(true, out);
                    return null;
                }
                ContentStream.data(buffer, count, out);
                offset += count;
            }
            return new Piece(piece.path(), offset, piece.end(), identity);
        } catch (EOFException e) {
            throw new WorkspaceException(piece.path(), Problem.CHANGED, "");
        } catch (IOException e) {
            throw WorkspaceException.of(piece.path(), e);
        }
    }

    /** Files are read in the order of their directories, more or less. */
    private HeldDirectory hold(Path directory) throws IOException {
        if (held == null || !held.path().equals(directory)) {
            close();
            held = workspace.hold(directory);
        }
        return held;
    }

    /** Empty where the file system has none, as on Windows. */
    private String identity(String name) throws IOException {
        return held.attributes(name)
                .map(BasicFileAttributes::fileKey)
                .map(Object::toString)
                .orElse("");
    }

    @Override
    public void close() throws IOException {
        if (held != null) {
            held.close();
            held = null;
        }
    }
}
