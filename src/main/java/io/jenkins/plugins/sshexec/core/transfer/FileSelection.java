package io.jenkins.plugins.sshexec.core.transfer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which files below a directory are copied. Runs where the files are. Nothing is left out by itself, but the temporary files
 * of transfers that have broken off.
 */
public record FileSelection(List<AntPattern> includes, List<AntPattern> excludes) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** More than that in one transfer are a mistake, or a server that makes files up. */
    static final int MAX_FILES = 1_000_000;

    /** All files. */
    public static final FileSelection ALL = new FileSelection(List.of(), List.of());

    /** @param includes patterns of Ant's, parted by commas or line ends; empty or null for all files */
    public static FileSelection of(String includes, String excludes) {
        return new FileSelection(patterns(includes), patterns(excludes));
    }

    private static List<AntPattern> patterns(String text) {
        List<AntPattern> patterns = new ArrayList<>(); // serializable, unlike what a stream gives on some JDKs
        if (text != null) {
            Arrays.stream(text.split("[,\\r\\n]+"))
                    .map(String::strip)
                    .filter(each -> !each.isEmpty())
                    .map(AntPattern::of)
                    .forEach(patterns::add);
        }
        return patterns;
    }

    boolean matches(String path) {
        List<String> names = names(path);
        return !TemporaryNames.isTemporary(names.get(names.size() - 1))
                && (includes.isEmpty() || includes.stream().anyMatch(each -> each.matches(names)))
                && excludes.stream().noneMatch(each -> each.matches(names));
    }

    /** Whether it is of no use to look into a directory. */
    boolean excludesAllBelow(String directory) {
        List<String> names = names(directory);
        return excludes.stream().anyMatch(each -> each.matchesAllBelow(names));
    }

    /** Directories without files are copied only where nothing says which files are meant. */
    boolean takesEmptyDirectories() {
        return includes.isEmpty();
    }

    private static List<String> names(String path) {
        return Arrays.asList(path.split("/"));
    }
}
