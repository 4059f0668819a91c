package hudson.model.listeners;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.XmlFile;
import hudson.model.Saveable;

/** Stands in for core's class of this name: hears of what has been saved. */
public abstract class SaveableListener implements ExtensionPoint {
    public void onChange(Saveable saved, XmlFile file) {}

    public static void fireOnChange(Saveable saved, XmlFile file) {
        all().forEach(listener -> listener.onChange(saved, file));
    }

    public static ExtensionList<SaveableListener> all() {
        return ExtensionList.lookup(SaveableListener.class);
    }
}
