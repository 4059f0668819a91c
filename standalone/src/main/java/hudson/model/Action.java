package hudson.model;

/** Stands in for core's interface of this name. */
public interface Action extends ModelObject {
    String getIconFileName();

    @Override
    String getDisplayName();

    String getUrlName();
}
