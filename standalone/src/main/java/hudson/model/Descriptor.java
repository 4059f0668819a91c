package hudson.model;

import hudson.BulkChange;
import hudson.XmlFile;
import hudson.model.listeners.SaveableListener;
import hudson.security.Permission;
import java.io.File;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import jenkins.model.Loadable;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/** Stands in for core's class of this name; what it saves is kept in memory only. */
public abstract class Descriptor<T extends Describable<T>> implements Loadable, Saveable {
    public final transient Class<? extends T> clazz;

    @SuppressWarnings("unchecked") // the contract of self()
    protected Descriptor(Class<? extends T> clazz) {
        this.clazz = clazz == self() ? (Class<? extends T>) getClass() : clazz;
    }

    /** For a descriptor that is nested in the class that it describes. */
    @SuppressWarnings("unchecked") // the contract of this constructor
    protected Descriptor() {
        this.clazz = (Class<? extends T>) getClass().getEnclosingClass();
    }

    /** Given to the constructor by a descriptor that describes itself. */
    @SuppressWarnings("rawtypes") // its signature in core
    protected static Class self() {
        return Self.class;
    }

    public String getDisplayName() {
        return clazz.getSimpleName();
    }

    public String getId() {
        return clazz.getName();
    }

    public final boolean isInstance(T object) {
        return clazz.isInstance(object);
    }

    public final boolean isSubTypeOf(Class<?> type) {
        return type.isAssignableFrom(clazz);
    }

    public GlobalConfigurationCategory getCategory() {
        return GlobalConfigurationCategory.get(GlobalConfigurationCategory.Unclassified.class);
    }

    public Permission getRequiredGlobalConfigPagePermission() {
        return Jenkins.ADMINISTER;
    }

    public T newInstance(StaplerRequest2 request, JSONObject form) throws FormException {
        return request.bindJSON(clazz, form);
    }

    public boolean configure(StaplerRequest2 request, JSONObject form) throws FormException {
        return false;
    }

    /** There is nothing on disk: the embedded controller starts anew each time. */
    @Override
    public void load() {}

    /** Only says so, since there is nothing on disk: once for each {@link BulkChange}, or at once without one. */
    @Override
    public void save() {
        if (!BulkChange.contains(this)) {
            SaveableListener.fireOnChange(this, getConfigFile());
        }
    }

    protected XmlFile getConfigFile() {
        return new XmlFile(new File(Jenkins.get().getRootDir(), getId() + ".xml"));
    }

    private static final class Self {}

    /** Stands in for core's class of this name: an input that a form does not take. */
    public static final class FormException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String formField;

        public FormException(String message, String formField) {
            super(message);
            this.formField = formField;
        }

        public FormException(Throwable cause, String formField) {
            super(cause);
            this.formField = formField;
        }

        public FormException(String message, Throwable cause, String formField) {
            super(message, cause);
            this.formField = formField;
        }

        public String getFormField() {
            return formField;
        }
    }
}
