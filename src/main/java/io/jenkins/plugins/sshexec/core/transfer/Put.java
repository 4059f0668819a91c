package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Listing;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Piece;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * From the workspace to the server. The workspace sends all files in one stream, the small ones first. Whoever's turn it is
 * reads the next one: a small one into memory, to write it while others read on; a large one on its way to the server. From then on
 * there is nothing for others to do.
 */
final class Put implements Carriage {

    /** Files up to here are copied by several lanes at once. */
    private static final int SMALL_BYTES = 256 * 1024;

    private final TransferRequest request;
    private final Workspace workspace;
    private final TemporaryNames names;
    private final TransferThreads threads;
    private final Progress progress;

    /** Files that are not in place; guarded by itself. */
    private final Set<PutItem> left = new LinkedHashSet<>();

    private Listing listing = new Listing("", false, List.of());
    private String place = "";

    /** What the single file is called there; null where the files keep their names. */
    private String singleName;

    private RemoteTree tree;

    /** Null until the files are {@linkplain #prepare prepared}. */
    private Upload upload;

    /** For reading {@link #content} and {@link #upcoming}. */
    private final ReadingTurn reading = new ReadingTurn();

    private Queue<PutItem> upcoming = new ArrayDeque<>();
    private ContentStream content;
    private volatile BoundedPipe pipe;

    Put(
            TransferRequest request,
            Workspace workspace,
            TemporaryNames names,
            TransferThreads threads,
            Progress progress) {
        this.request = request;
        this.workspace = workspace;
        this.names = names;
        this.threads = threads;
        this.progress = progress;
    }

    private Endpoint endpoint() {
        return request.spec().endpoint();
    }

    @Override
    public void list() throws IOException, InterruptedException {
        listing = workspace.list(request.from(), request.selection());
        for (FileEntry entry : listing.entries()) {
            if (!RelativePath.isSafe(entry.path())) { // the agent may be anybody
                throw new WorkspaceException(entry.path(), Problem.NAME, "");
            }
        }
        if (listing.entries().isEmpty()) {
            throw new WorkspaceException(request.from().isEmpty() ? "." : request.from(), Problem.NOTHING, "");
        }
        progress.listed(listing.entries());
        Map<String, String> sources = new HashMap<>();
        for (FileEntry entry : listing.entries()) {
            boolean flat = request.options().flatten();
            if (!flat || !entry.directory()) {
                PutItem item = new PutItem(entry, flat ? entry.name() : entry.path());
                if (sources.put(item.target, entry.path()) != null) {
                    throw new WorkspaceException(item.target, Problem.TWICE, "");
                }
                left.add(item);
            }
        }
    }

    @Override
    public void prepare(RemoteFiles files) throws IOException, InterruptedException {
        List<PutItem> items = remainingItems();
        String single = findPlace(files);
        Map<String, Integer> perDirectory = new HashMap<>();
        for (PutItem item : items) {
            String directory = item.source.directory() ? item.target : RelativePath.parent(item.target);
            tree.makeDirectory(
                    directory,
                    item.source.directory() ? request.options().permissionsOf(item.source) : OptionalInt.empty());
            perDirectory.merge(directory, 1, Integer::sum);
        }
        upload = new Upload(endpoint(), request.options(), tree, progress, perDirectory);
        RemoteListings present = new RemoteListings(tree, files, perDirectory);
        List<PutItem> wanted = new ArrayList<>();
        for (PutItem item : items) {
            String target = single == null ? item.target : single;
            if (item.source.directory()) {
                remove(item);
            } else if (isWanted(item, target, present)) {
                wanted.add(item);
                findPartial(item, target, files);
            } else {
                progress.kept(item.source);
                remove(item);
            }
        }
        wanted.sort(Comparator.comparing(Put::isLarge));
        upcoming = new ArrayDeque<>(wanted);
        singleName = single;
        reading.begin();
        send(wanted.stream()
                .map(item -> new Piece(item.source.path(), item.offset, item.source.sizeBytes(), ""))
                .toList());
    }

    private String targetOf(PutItem item) {
        return singleName == null ? item.target : singleName;
    }

    /** @return what a single file is to be called; null where it keeps its name, or there are several */
    private String findPlace(RemoteFiles files) throws SshException {
        String into = RemoteTree.typed(request.into());
        boolean inPlace = listing.single()
                && !into.endsWith("/")
                && files.follow(into).filter(found -> found.is(Kind.DIRECTORY)).isEmpty();
        tree = RemoteTree.made(endpoint(), files, inPlace ? RemoteTree.parent(into) : into);
        if (!inPlace) {
            place = tree.root();
            return null;
        }
        String name = into.substring(into.lastIndexOf('/') + 1);
        if (!RelativePath.isSafeName(name)) {
            throw RemoteTree.failed(endpoint(), request.into(), Problem.NAME, "");
        }
        place = tree.path(name);
        return name;
    }

    private boolean isWanted(PutItem item, String target, RemoteListings present) throws SshException {
        Overwrite overwrite = request.options().overwrite();
        boolean keepsWhatIsThere = request.options().permissionsOf(item.source).isEmpty();
        if (overwrite == Overwrite.ALWAYS && !keepsWhatIsThere) {
            return true;
        }
        RemoteFile found = present.find(target);
        if (found == null) {
            return true;
        }
        if (found.is(Kind.FILE) && found.permissions() != RemoteFile.NO_PERMISSIONS) {
            item.presentPermissions = found.permissions() & FileEntry.PERMISSION_BITS;
        }
        return overwrite.replaces(item.source, RemoteTree.entry(target, found));
    }

    private Upload upload() {
        if (upload == null) {
            throw new IllegalStateException("The files are not prepared");
        }
        return upload;
    }

    /** Looks how far an earlier try has come. */
    private void findPartial(PutItem item, String target, RemoteFiles files) throws IOException, InterruptedException {
        progress.found(-item.offset);
        item.offset = 0;
        if (item.temporary == null) {
            item.temporary = names.take(endpoint(), tree.root(), target, item.source);
        }
        if (!item.isResumable()) {
            return;
        }
        String path = upload().temporaryPath(item, target);
        RemoteFile partial = files.look(path).orElse(null);
        if (partial == null) {
            return;
        }
        long size = partial.sizeBytes();
        if (partial.is(Kind.FILE)
                && size > 0
                && size <= item.source.sizeBytes()
                && hasSameTail(item, path, size, files)) {
            item.offset = size;
            progress.found(size);
        } else {
            files.remove(path);
        }
    }

    private boolean hasSameTail(PutItem item, String path, long size, RemoteFiles files)
            throws IOException, InterruptedException {
        long length = Math.min(size, Workspace.TAIL_BYTES);
        return TailDigest.of(files.readPart(path, size - length, (int) length))
                .equals(workspace.digest(listing.base(), item.source.path(), size - length, length));
    }

    private void send(List<Piece> pieces) {
        BoundedPipe opened = new BoundedPipe();
        content = new ContentStream(opened.input());
        pipe = opened;
        opened.run(
                () -> {
                    new BlockSender(workspace, listing.base()).send(pieces, opened.output());
                    opened.output().close();
                },
                threads.carriers());
    }

    @Override
    public boolean next(Lane lane) throws IOException {
        PutItem item;
        ContentStream.Content file;
        byte[] head;
        if (!reading.take()) {
            return false;
        }
        try {
            item = upcoming.poll();
            if (item == null) {
                return false;
            }
            if (isLarge(item)) {
                reading.keep();
            }
            file = content.next();
            head = file.readNBytes(SMALL_BYTES + 1);
            if (head.length > SMALL_BYTES) {
                put(lane, item, new SequenceInputStream(new ByteArrayInputStream(head), file), file);
                return true;
            }
        } finally {
            reading.give();
        }
        put(lane, item, new ByteArrayInputStream(head), file);
        return true;
    }

    private static boolean isLarge(PutItem item) {
        return item.source.sizeBytes() - item.offset > SMALL_BYTES;
    }

    /** @param file that the content is of */
    private void put(Lane lane, PutItem item, InputStream content, ContentStream.Content file) throws IOException {
        upload().put(lane, item, targetOf(item), content);
        if (file.hasGrown()) {
            progress.grown();
        }
        remove(item);
    }

    private void remove(PutItem item) {
        synchronized (left) {
            left.remove(item);
        }
        if (item.temporary != null) {
            item.temporary.close();
        }
    }

    private List<PutItem> remainingItems() {
        synchronized (left) {
            return List.copyOf(left);
        }
    }

    @Override
    public int remaining() {
        synchronized (left) {
            return left.size();
        }
    }

    @Override
    public void finish(boolean orderly) {
        // What is in place is known from the server's answers; the workspace has nothing more to do.
        if (!orderly || remaining() > 0) {
            breakOff(new IOException("the transfer has ended"));
        }
    }

    @Override
    public void breakOff(Throwable why) {
        BoundedPipe open = pipe;
        if (open != null) {
            open.breakOff(why);
        }
        reading.breakOff(why);
    }

    @Override
    public CompletableFuture<Void> close() {
        breakOff(new IOException("the transfer has ended"));
        remainingItems().forEach(this::remove);
        return CompletableFuture.completedFuture(null); // the lanes have done it
    }

    @Override
    public String place() {
        return place;
    }
}
