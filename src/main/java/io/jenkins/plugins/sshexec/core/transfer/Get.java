package io.jenkins.plugins.sshexec.core.transfer;

import io.jenkins.plugins.sshexec.core.error.TransferFailed.Problem;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Arrival;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Found;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Manner;
import io.jenkins.plugins.sshexec.core.transfer.Workspace.Place;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile;
import io.jenkins.plugins.sshexec.core.transport.RemoteFile.Kind;
import io.jenkins.plugins.sshexec.core.transport.RemoteFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/**
 * From the server to the workspace. Each lane reads a file of its own, and what they read goes to the workspace in one
 * stream. A file is in place when the workspace says that all are; until then nobody knows.
 */
final class Get implements Carriage {

    private static final int BUFFER_BYTES = 128 * 1024;

    private final TransferRequest request;
    private final Workspace workspace;
    private final TemporaryNames names;
    private final TransferThreads threads;
    private final Progress progress;

    private final Map<String, TemporaryNames.Name> temporaries = new HashMap<>();

    /** Those that are in place, or stay as they are; kept from one try to the next. */
    private final Set<FileEntry> done = new HashSet<>();

    /** All of them is in the stream. Guarded by itself while lanes copy. */
    private final Set<FileEntry> sent = new HashSet<>();

    private RemoteTree tree;
    private Place place;

    /** In the order of their numbers in the stream. */
    private List<Arrival> arrivals = List.of();

    private Queue<Integer> upcoming = new ConcurrentLinkedQueue<>();

    /** How much there is of each already. */
    private long[] offsets = {};

    private ArrivalStream stream;
    private volatile BoundedPipe pipe;

    /** How the workspace's side ended. */
    private volatile CompletableFuture<Void> received = CompletableFuture.completedFuture(null);

    /** The same; fails also when the transfer is broken off, since an agent may be silent. */
    private volatile CompletableFuture<Void> receiving = received;

    Get(
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
    public void list() {
        // Only the server knows.
    }

    @Override
    public void prepare(RemoteFiles files) throws IOException, InterruptedException {
        String from = RemoteTree.typed(request.from());
        RemoteFile start = files.follow(from)
                .orElseThrow(() -> RemoteTree.failed(endpoint(), request.from(), Problem.MISSING, ""));
        boolean single = !start.is(Kind.DIRECTORY);
        List<FileEntry> entries = single ? List.of(singleEntry(files, from, start)) : listed(files, from);
        if (done.isEmpty()) {
            progress.listed(entries);
        }
        place = workspace.place(request.into(), single, entries.get(0).name());
        plan(entries, workspaceFinds(entries), files);
        receive();
    }

    private FileEntry singleEntry(RemoteFiles files, String from, RemoteFile start) throws IOException {
        String name = from.substring(from.lastIndexOf('/') + 1);
        if (!RelativePath.isSafeName(name)) {
            throw RemoteTree.failed(endpoint(), request.from(), Problem.NAME, "");
        }
        if (!start.is(Kind.FILE)) {
            throw RemoteTree.failed(endpoint(), request.from(), Problem.SPECIAL, "");
        }
        tree = RemoteTree.of(endpoint(), files, RemoteTree.parent(from));
        return RemoteTree.entry(name, start);
    }

    private List<FileEntry> listed(RemoteFiles files, String from) throws IOException {
        tree = RemoteTree.of(endpoint(), files, from);
        List<FileEntry> entries = new ArrayList<>();
        Set<String> targets = new HashSet<>();
        for (FileEntry entry : tree.list(request.selection())) {
            if (!request.options().flatten() || !entry.directory()) {
                if (!targets.add(target(entry))) {
                    throw RemoteTree.failed(endpoint(), target(entry), Problem.TWICE, "");
                }
                entries.add(entry);
            }
        }
        if (entries.isEmpty()) {
            throw RemoteTree.failed(endpoint(), tree.root(), Problem.NOTHING, "");
        }
        return entries;
    }

    private String target(FileEntry entry) {
        return request.options().flatten() ? entry.name() : entry.path();
    }

    private List<Found> workspaceFinds(List<FileEntry> entries) throws IOException, InterruptedException {
        arrivals = new ArrayList<>();
        for (FileEntry entry : entries) {
            String target = place.name() == null ? target(entry) : place.name();
            TemporaryNames.Name temporary = temporaries.computeIfAbsent(
                    entry.path() + '\0' + entry.sizeBytes() + '\0' + entry.modifiedSeconds(),
                    same -> names.take(
                            endpoint(), place.base(), request.holder().job() + '\0' + target, entry));
            arrivals.add(new Arrival(entry, target, temporary.text(), entry.sizeBytes() >= PutItem.RESUMABLE_BYTES));
        }
        return workspace.find(place.base(), arrivals);
    }

    private void plan(List<FileEntry> entries, List<Found> found, RemoteFiles files) throws IOException {
        upcoming.forEach(number -> progress.found(-offsets[number])); // as it is found again below
        upcoming = new ConcurrentLinkedQueue<>();
        offsets = new long[entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            FileEntry entry = entries.get(i);
            if (done.contains(entry)) {
                continue;
            }
            if (!entry.directory()
                    && !request.options()
                            .overwrite()
                            .replaces(entry, found.get(i).present())) {
                progress.kept(entry);
                done.add(entry);
                continue;
            }
            if (isGoodFor(entry, found.get(i), files)) {
                offsets[i] = found.get(i).partialBytes();
                progress.found(offsets[i]);
            }
            upcoming.add(i);
        }
    }

    /** Whether what is there of a file is its beginning. */
    private boolean isGoodFor(FileEntry entry, Found found, RemoteFiles files) throws IOException {
        long size = found.partialBytes();
        if (size == 0 || size > entry.sizeBytes()) {
            return false;
        }
        long length = Math.min(size, Workspace.TAIL_BYTES);
        byte[] tail = files.readPart(tree.path(entry.path()), size - length, (int) length);
        return TailDigest.of(tail).equals(found.tail());
    }

    private void receive() {
        BoundedPipe opened = new BoundedPipe();
        stream = new ArrivalStream(opened.output());
        pipe = opened;
        List<Arrival> all = arrivals;
        Manner manner = new Manner(
                request.options().keepPermissions(), request.options().setsTimes());
        received = opened.run(() -> workspace.receive(place.base(), all, manner, opened.input()), threads.carriers());
        receiving = received.copy();
    }

    @Override
    public boolean next(Lane lane) throws IOException {
        Integer number = upcoming.poll();
        if (number == null) {
            return false;
        }
        FileEntry source = arrivals.get(number).source();
        stream.begin(number, offsets[number]);
        boolean grown = !source.directory() && copy(lane, number, source);
        synchronized (sent) {
            sent.add(source);
        }
        progress.done(source);
        if (grown) {
            progress.grown();
            lane.renew(); // the server is still sending what nobody wants
        }
        return true;
    }

    /** @return whether there was more than what was listed */
    private boolean copy(Lane lane, int number, FileEntry source) throws IOException {
        // Of the files below /proc, and by some servers of all, no size is told.
        long most = source.sizeBytes() == 0 ? Long.MAX_VALUE : source.sizeBytes() - offsets[number];
        Outgoing outgoing = new Outgoing(number, most);
        try {
            read(lane, number, source, outgoing);
            outgoing.flushAll();
        } catch (IOException | RuntimeException e) {
            progress.found(-outgoing.bytes - offsets[number]);
            throw e;
        }
        if (offsets[number] + outgoing.bytes < source.sizeBytes()) {
            throw RemoteTree.failed(endpoint(), tree.path(source.path()), Problem.CHANGED, "");
        }
        stream.end(number);
        return outgoing.hasMore;
    }

    private void read(Lane lane, int number, FileEntry source, Outgoing outgoing) throws IOException {
        try {
            lane.files().read(tree.path(source.path()), offsets[number], outgoing);
        } catch (IOException e) {
            if (!outgoing.hasMore) {
                throw e;
            }
        }
    }

    @Override
    public int remaining() {
        return upcoming.size();
    }

    /** The workspace writes what has come to its end also where the rest has to wait for another session. */
    @Override
    public void finish(boolean orderly) throws IOException, InterruptedException {
        if (!orderly) {
            breakOff(new IOException("the transfer has ended"));
            return;
        }
        IOException failure = null;
        try {
            stream.endOfAll();
        } catch (IOException e) {
            failure = e; // the workspace has given up; why, it says below
        }
        try {
            receiving.get();
        } catch (ExecutionException e) {
            failure = e.getCause() instanceof IOException told ? told : new IOException(e.getCause());
        }
        if (failure != null) {
            throw failure;
        }
        done.addAll(sent);
        sent.clear();
    }

    @Override
    public void breakOff(Throwable why) {
        BoundedPipe open = pipe;
        if (open != null) {
            open.breakOff(why);
        }
        receiving.completeExceptionally(why);
    }

    @Override
    public CompletableFuture<Void> close() {
        breakOff(new IOException("the transfer has ended"));
        temporaries.values().forEach(TemporaryNames.Name::close);
        return received.handle((none, failure) -> null);
    }

    @Override
    public String place() {
        String base = place.base().isEmpty() ? "." : place.base();
        return place.name() == null ? base : RelativePath.join(place.base(), place.name());
    }

    /** Gathers what JSch reads of one file, for the workspace; fails when it is more than that is to be. */
    private final class Outgoing extends OutputStream {
        private final int number;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private final long most;
        private int used;
        private long bytes;
        private boolean hasMore;

        Outgoing(int number, long most) {
            this.number = number;
            this.most = most;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int wanted = (int) Math.min(length, most - bytes);
            take(from, offset, wanted);
            if (wanted < length) {
                hasMore = true;
                throw new IOException("the file has grown");
            }
        }

        private void take(byte[] from, int offset, int length) throws IOException {
            int written = 0;
            while (written < length) {
                int count = Math.min(length - written, buffer.length - used);
                System.arraycopy(from, offset + written, buffer, used, count);
                used += count;
                written += count;
                if (used == buffer.length) {
                    flushAll();
                }
            }
            bytes += length;
            progress.carried(length);
        }

        void flushAll() throws IOException {
            if (used > 0) {
                stream.data(number, buffer, used);
                used = 0;
            }
        }
    }
}
