package io.jenkins.plugins.sshexec.standalone.controller;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import java.io.File;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** A folder of the embedded controller, with credentials of its own. */
public final class EmbeddedFolder extends AbstractFolder<TopLevelItem> {
    private final Map<String, TopLevelItem> items = new ConcurrentSkipListMap<>();

    public EmbeddedFolder(ItemGroup<?> parent, String name) {
        super(parent, name);
    }

    public <I extends TopLevelItem> I add(I item) {
        items.put(item.getName(), item);
        return item;
    }

    @Override
    public Collection<TopLevelItem> getItems() {
        return List.copyOf(items.values());
    }

    @Override
    public TopLevelItem getItem(String name) {
        return items.get(name);
    }

    @Override
    public File getRootDirFor(TopLevelItem child) {
        return new File(getRootDir(), "jobs/" + child.getName());
    }
}
