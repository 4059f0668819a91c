package hudson;

import java.io.File;

/** Stands in for core's class of this name, for files of the controller itself. */
public final class FilePath {
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
