package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.transfer.Workspace.Block;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Piece;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Asks a workspace for files, one block after the other, as fast as they are taken. */
final class BlockSender {

    /** Their names go to the agent with each question. */
    private static final int MOST_PIECES = 256;

    private final Workspace workspace;
    private final String base;

    BlockSender(Workspace workspace, String base) {
        this.workspace = workspace;
        this.base = base;
    }

    /** Writes the contents of the files one after the other, as {@link ContentStream} reads them. */
    void send(List<Piece> pieces, OutputStream out) throws IOException, InterruptedException {
        int complete = 0;
        Piece rest = null;
        while (complete < pieces.size()) {
            List<Piece> asked =
                    new ArrayList<>(pieces.subList(complete, Math.min(pieces.size(), complete + MOST_PIECES)));
            if (rest != null) {
                asked.set(0, rest);
            }
            Block block = workspace.read(base, asked);
            if (block.complete() < 0 || block.complete() > asked.size() || block.content().length == 0) {
                throw new IOException("the agent sent something that makes no sense");
            }
            out.write(block.content());
            complete += block.complete();
            rest = block.rest();
        }
    }
}
