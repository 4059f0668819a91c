package hudson.model;

/** Stands in for core's class of this name; nothing is served here. */
public class Api {
    public final Object bean;

    public Api(Object bean) {
        this.bean = bean;
    }
}
