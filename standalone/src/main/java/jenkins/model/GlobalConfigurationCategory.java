package jenkins.model;

import hudson.ExtensionPoint;
import hudson.model.ModelObject;
import java.util.List;

/** Stands in for core's class of this name: the page on which a global configuration is shown. */
public abstract class GlobalConfigurationCategory implements ExtensionPoint, ModelObject {
    private static final List<GlobalConfigurationCategory> OWN = List.of(new Unclassified(), new Security());

    public abstract String getShortDescription();

    public static <T extends GlobalConfigurationCategory> T get(Class<T> type) {
        return OWN.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow(AssertionError::new);
    }

    /** Stands in for core's class of this name. */
    public static class Unclassified extends GlobalConfigurationCategory {
        @Override
        public String getDisplayName() {
            return "System";
        }

        @Override
        public String getShortDescription() {
            return "Configure global settings and paths.";
        }
    }

    /** Stands in for core's class of this name. */
    public static class Security extends GlobalConfigurationCategory {
        @Override
        public String getDisplayName() {
            return "Security";
        }

        @Override
        public String getShortDescription() {
            return "Secure Jenkins; define who is allowed to access/use the system.";
        }
    }
}
