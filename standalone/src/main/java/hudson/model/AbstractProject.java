package hudson.model;

/** Stands in for core's class of this name, which the plugin only names. */
public abstract class AbstractProject<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>>
        extends Job<P, R> {
    protected AbstractProject(ItemGroup<?> parent, String name) {
        super(parent, name);
    }
}
