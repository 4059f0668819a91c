package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.SshException;
import io.jenkins.plugins.sshexec.core.error.TransferFailed;
import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transfer.TransferOptions.Overwrite;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Listing;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Piece;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * From the workspace to the server. The workspace sends all files in one stream. Whoever has the lock reads the next one: a
 * small one into memory, to write it while others read on; a large one on its way to the server.
 */
final class Put implements Carriage {

    /** Files up to here are copied by several lanes at once. */
    private static final int SMALL_BYTES = 256 * 1024;

    /** From here on it is worth to go on with what is left of an earlier transfer. */
    static final long RESUMABLE_BYTES = 16 << 20;

    /** In a directory with that many files to come, all of it is listed rather than each of them looked for. */
    private static final int WORTH_A_LISTING = 16;

    private final TransferRequest request;
    private final Workspace workspace;
    private final TemporaryNames names;
    private final TransferThreads threads;
    private final Progress progress;

    /** Files that are not in place; guarded by itself. */
    private final Set<Item> left = new LinkedHashSet<>();

    private Listing listing = new Listing("", false, List.of());
    private String place = "";

    /** What the single file is called there; null where the files keep their names. */
    private String singleName;

    private RemoteTree tree;

    /** For reading {@link #content} and {@link #upcoming}. */
    private final ReentrantLock reading = new ReentrantLock();

    private Queue<Item> upcoming = new ArrayDeque<>();
    private ContentStream content;
    private volatile BoundedPipe pipe;

    /** One file on its way. */
    private static final class Item {
        private final FileEntry source;
        private final String target;
        private TemporaryNames.Name temporary;
        private long offset;

        /** Of the file that is replaced; what a copy gets that does not keep its source's. */
        private int presentPermissions = FileEntry.NO_PERMISSIONS;

        Item(FileEntry source, String target) {
            this.source = source;
            this.target = target;
        }

        boolean isResumable() {
            return source.sizeBytes() >= RESUMABLE_BYTES;
        }
    }

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
                Item item = new Item(entry, flat ? entry.name() : entry.path());
                if (sources.put(item.target, entry.path()) != null) {
                    throw new WorkspaceException(item.target, Problem.TWICE, "");
                }
                left.add(item);
            }
        }
    }

    @Override
    public void prepare(RemoteFiles files) throws IOException, InterruptedException {
        List<Item> items = remainingItems();
        String single = findPlace(files);
        Map<String, Integer> perDirectory = new HashMap<>();
        for (Item item : items) {
            String directory = item.source.directory() ? item.target : RelativePath.parent(item.target);
            tree.makeDirectory(directory, permissions(item.source.directory() ? item.source : null));
            perDirectory.merge(directory, 1, Integer::sum);
        }
        Present present = new Present(files, perDirectory);
        List<Item> wanted = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        for (Item item : items) {
            String target = single == null ? item.target : single;
            if (item.source.directory()) {
                remove(item);
            } else if (isWanted(item, target, present)) {
                wanted.add(item);
                findPartial(item, target, files);
                pieces.add(new Piece(item.source.path(), item.offset));
            } else {
                progress.kept(item.source);
                remove(item);
            }
        }
        upcoming = new ArrayDeque<>(wanted);
        singleName = single;
        send(pieces);
    }

    private String targetOf(Item item) {
        return singleName == null ? item.target : singleName;
    }

    private OptionalInt permissions(FileEntry source) {
        return source != null && request.options().keepPermissions() && source.permissions() != FileEntry.NO_PERMISSIONS
                ? OptionalInt.of(source.permissions())
                : OptionalInt.empty();
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

    private boolean isWanted(Item item, String target, Present present) throws SshException {
        Overwrite overwrite = request.options().overwrite();
        boolean keepsWhatIsThere = permissions(item.source).isEmpty();
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

    /** What there is in the directories that files go to. */
    private final class Present {
        private final RemoteFiles files;
        private final Map<String, Integer> filesPerDirectory;
        private final Map<String, Map<String, RemoteFile>> listings = new HashMap<>();

        Present(RemoteFiles files, Map<String, Integer> filesPerDirectory) {
            this.files = files;
            this.filesPerDirectory = filesPerDirectory;
        }

        /** Null where nothing is. */
        RemoteFile find(String target) throws SshException {
            String directory = RelativePath.parent(target);
            if (tree.isNew(directory)) {
                return null;
            }
            if (filesPerDirectory.getOrDefault(directory, 1) < WORTH_A_LISTING) {
                return files.look(tree.path(target)).orElse(null);
            }
            Map<String, RemoteFile> listed = listings.get(directory);
            if (listed == null) {
                listed = new HashMap<>();
                for (RemoteFile file : files.list(tree.path(directory), FileSelection.MAX_FILES)) {
                    listed.put(file.name(), file);
                }
                listings.put(directory, listed);
            }
            return listed.get(target.substring(target.lastIndexOf('/') + 1));
        }
    }

    /** Looks how far an earlier try has come. */
    private void findPartial(Item item, String target, RemoteFiles files) throws IOException, InterruptedException {
        progress.found(-item.offset);
        item.offset = 0;
        if (item.temporary == null) {
            item.temporary = names.take(endpoint(), tree.root(), target, item.source);
        }
        if (!item.isResumable()) {
            return;
        }
        String path = temporaryPath(item, target);
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

    private boolean hasSameTail(Item item, String path, long size, RemoteFiles files)
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
                    workspace.send(listing.base(), pieces, opened.output());
                    opened.output().close();
                },
                threads.carriers());
    }

    @Override
    public boolean next(Lane lane) throws IOException {
        Item item;
        byte[] head;
        reading.lock();
        try {
            item = upcoming.poll();
            if (item == null) {
                return false;
            }
            InputStream file = content.next();
            head = file.readNBytes(SMALL_BYTES + 1);
            if (head.length > SMALL_BYTES) {
                write(lane, item, new SequenceInputStream(new ByteArrayInputStream(head), file));
                return true;
            }
        } finally {
            reading.unlock();
        }
        write(lane, item, new ByteArrayInputStream(head));
        return true;
    }

    private void write(Lane lane, Item item, InputStream file) throws IOException {
        String target = targetOf(item);
        String temporary = temporaryPath(item, target);
        Counted counted = new Counted(file);
        try {
            OptionalInt wanted = permissionsOf(item);
            if (item.offset == 0 && wanted.isPresent() && (wanted.getAsInt() & 0004) == 0) {
                // Nobody else may read it before all of it is there, either.
                lane.files().write(temporary, 0, InputStream.nullInputStream());
                lane.files().change(temporary, OptionalInt.of(0600), OptionalLong.empty());
            }
            lane.files().write(temporary, item.offset, counted);
            if (item.offset + counted.bytes < item.source.sizeBytes()) {
                throw new WorkspaceException(item.source.path(), Problem.CHANGED, "");
            }
            OptionalLong time = request.options().setsTimes()
                    ? OptionalLong.of(item.source.modifiedSeconds())
                    : OptionalLong.empty();
            if (wanted.isPresent() || time.isPresent()) {
                lane.files().change(temporary, wanted, time);
            }
            rename(lane.files(), temporary, tree.path(target));
        } catch (IOException | RuntimeException e) {
            progress.found(-counted.bytes);
            if (!item.isResumable() || e instanceof TransferFailed) {
                lane.discard(temporary);
            }
            throw e;
        }
        progress.done(item.source);
        remove(item);
    }

    private OptionalInt permissionsOf(Item item) {
        OptionalInt kept = permissions(item.source);
        if (kept.isPresent() || item.presentPermissions == FileEntry.NO_PERMISSIONS) {
            return kept;
        }
        return OptionalInt.of(item.presentPermissions);
    }

    private void rename(RemoteFiles files, String temporary, String target) throws SshException {
        try {
            files.rename(temporary, target);
        } catch (TransferFailed e) {
            if (e.problem() == Problem.DENIED) {
                throw e;
            }
            RemoteFile found = files.look(target).orElse(null);
            if (found != null && found.is(Kind.DIRECTORY)) {
                throw RemoteTree.failed(endpoint(), target, Problem.OTHER, "it is a directory");
            }
            if (found == null) {
                throw e;
            }
            // A server without posix-rename@openssh.com replaces nothing.
            files.remove(target);
            files.rename(temporary, target);
        }
    }

    private String temporaryPath(Item item, String target) {
        return tree.path(RelativePath.join(RelativePath.parent(target), item.temporary.text()));
    }

    private void remove(Item item) {
        synchronized (left) {
            left.remove(item);
        }
        if (item.temporary != null) {
            item.temporary.close();
        }
    }

    private List<Item> remainingItems() {
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
    }

    @Override
    public void close() {
        breakOff(new IOException("the transfer has ended"));
        remainingItems().forEach(this::remove);
    }

    @Override
    public String place() {
        return place;
    }

    /** Counts what JSch takes. */
    private final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                bytes += count;
                progress.carried(count);
            }
            return count;
        }
    }
}
