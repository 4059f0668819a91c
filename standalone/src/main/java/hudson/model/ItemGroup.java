package hudson.model;

import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Stands in for core's interface of this name: the controller or a folder. */
public interface ItemGroup<T extends Item> extends ModelObject {
    String getFullName();

    String getFullDisplayName();

    String getUrl();

    Collection<T> getItems();

    T getItem(String name);

    File getRootDirFor(T child);

    /** Those of this type, however deep; here everybody may see them. */
    default <I extends Item> Iterable<I> allItems(Class<I> type) {
        List<I> found = new ArrayList<>();
        for (Item item : getItems()) {
            if (type.isInstance(item)) {
                found.add(type.cast(item));
            }
            if (item instanceof ItemGroup<?> group) {
                group.allItems(type).forEach(found::add);
            }
        }
        return found;
    }
}
