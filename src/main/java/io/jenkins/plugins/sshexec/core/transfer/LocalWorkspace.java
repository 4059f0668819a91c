package io.jenkins.plugins.sshexec.core.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A workspace on this machine; on an agent, what does there what the controller asks for. */
public class LocalWorkspace implements Workspace {

    private final Path directory;

    public LocalWorkspace(Path directory) {
        this.directory = directory;
    }

    @Override
    public Listing list(String from, FileSelection selection) throws IOException {
        return new LocalWalk(new LocalDirectory(directory), selection).of(from);
    }

    @Override
    public Block read(String base, List<Piece> pieces) throws IOException {
        try (BlockReader reader = new BlockReader(new LocalDirectory(directory), base)) {
            return reader.read(pieces);
        }
    }

    @Override
    public String digest(String base, String path, long offset, long length) throws IOException {
        LocalDirectory workspace = new LocalDirectory(directory);
        Path file = workspace.existing(RelativePath.join(base, path));
        try (HeldDirectory held = workspace.hold(LocalDirectory.parent(file));
                InputStream in = Channels.newInputStream(
                        held.channel(LocalDirectory.name(file), Set.of(StandardOpenOption.READ)))) {
            in.skipNBytes(offset);
            return TailDigest.of(in.readNBytes((int) length));
        } catch (IOException e) {
            throw WorkspaceException.of(path, e);
        }
    }

    @Override
    public Place place(String into, boolean single, String name) throws IOException {
        Files.createDirectories(directory);
        LocalDirectory workspace = new LocalDirectory(directory);
        Path wanted = workspace.resolve(into);
        boolean inPlace = single && !into.endsWith("/") && !into.isEmpty() && !Files.isDirectory(wanted);
        Path base = workspace.makeDirectories(workspace.relative(inPlace ? LocalDirectory.parent(wanted) : wanted));
        return new Place(workspace.relative(base), inPlace ? LocalDirectory.name(wanted) : null);
    }

    @Override
    public List<Found> find(String base, List<Arrival> arrivals) throws IOException {
        LocalDirectory into = into(base);
        List<Found> found = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            try {
                found.add(find(into, arrival));
            } catch (IOException e) {
                throw WorkspaceException.of(arrival.target(), e);
            }
        }
        return found;
    }

    private static Found find(LocalDirectory into, Arrival arrival) throws IOException {
        Path target = into.resolve(arrival.target());
        FileEntry present =
                Files.exists(target, LinkOption.NOFOLLOW_LINKS) ? LocalDirectory.entry(arrival.target(), target) : null;
        Path partial = target.resolveSibling(arrival.temporary());
        if (!arrival.resumable() || !Files.isRegularFile(partial, LinkOption.NOFOLLOW_LINKS)) {
            return new Found(present, 0, "");
        }
        long size = Files.size(partial);
        try (InputStream in = Files.newInputStream(partial, LinkOption.NOFOLLOW_LINKS)) {
            in.skipNBytes(Math.max(0, size - TAIL_BYTES));
            return new Found(present, size, TailDigest.of(in.readNBytes(TAIL_BYTES)));
        }
    }

    @Override
    public void receive(String base, List<Arrival> arrivals, Manner manner, InputStream in) throws IOException {
        try (LocalReceiver receiver = new LocalReceiver(into(base), arrivals, manner)) {
            ArrivalStream.read(in, receiver);
        }
    }

    private LocalDirectory into(String base) throws IOException {
        return new LocalDirectory(directory).within(base);
    }
}
