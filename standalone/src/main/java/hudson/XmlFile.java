package hudson;

import java.io.File;

/** Stands in for core's class of this name: a place for a setting; nothing is read from it or written there. */
public final class XmlFile {
    private final File file;

    public XmlFile(File file) {
        this.file = file;
    }

    public File getFile() {
        return file;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
