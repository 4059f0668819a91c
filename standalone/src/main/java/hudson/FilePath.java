package hudson;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;

/** Stands in for core's class of this name, for files of the controller itself. */
public final class FilePath {

    /** Stands in for core's interface of this name: what is done where a file is. */
    public interface FileCallable<T> extends Serializable {
        T invoke(File file, VirtualChannel channel) throws IOException, InterruptedException;
    }

    private final File file;

    public FilePath(File file) {
        this.file = file;
    }

    public FilePath(FilePath base, String path) {
        this(new File(path).isAbsolute() ? new File(path) : new File(base.file, path));
    }

    public FilePath child(String path) {
        return new FilePath(this, path);
    }

    public <T> T act(FileCallable<T> callable) throws IOException, InterruptedException {
        return callable.invoke(file, null);
    }

    /** Null: the file is of this machine, and the embedded controller has no channel to itself. */
    public VirtualChannel getChannel() {
        return null;
    }

    public boolean exists() throws IOException, InterruptedException {
        return file.exists();
    }

    public boolean isDirectory() throws IOException, InterruptedException {
        return file.isDirectory();
    }

    public InputStream read() throws IOException, InterruptedException {
        return Files.newInputStream(file.toPath());
    }

    public String getRemote() {
        return file.getPath();
    }

    public String getName() {
        return file.getName();
    }

    @Override
    public String toString() {
        return getRemote();
    }
}
