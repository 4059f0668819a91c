package hudson.model;

import java.io.File;
import java.util.Collection;

/** Stands in for core's interface of this name: the controller or a folder. */
public interface ItemGroup<T extends Item> extends ModelObject {
    String getFullName();

    String getFullDisplayName();

    String getUrl();

    Collection<T> getItems();

    T getItem(String name);

    File getRootDirFor(T child);
}
