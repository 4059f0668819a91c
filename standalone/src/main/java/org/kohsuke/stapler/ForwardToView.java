package org.kohsuke.stapler;

/** Stands in for Stapler's class of this name. */
public class ForwardToView extends RuntimeException implements HttpResponse {
    private static final long serialVersionUID = 1L;

    public ForwardToView(Object it, String view) {
        super(view);
    }
}
