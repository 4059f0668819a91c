package hudson;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;

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
        this(new File(base.file, path));
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
