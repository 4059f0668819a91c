package hudson.model;

import org.kohsuke.stapler.HttpResponse;

/** Stands in for core's class of this name: a page that says what the user did wrong. */
public class Failure extends RuntimeException implements HttpResponse {
    private static final long serialVersionUID = 1L;

    public Failure(String message) {
        super(message);
    }
}
