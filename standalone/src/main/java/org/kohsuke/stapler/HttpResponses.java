package org.kohsuke.stapler;

/** Stands in for Stapler's class of this name; nobody reads the answers here. */
public class HttpResponses {
    /** Stands in for Stapler's class of this name. */
    public abstract static class HttpResponseException extends RuntimeException implements HttpResponse {
        protected HttpResponseException(String message) {
            super(message);
        }
    }

    public static HttpResponse redirectToDot() {
        return new HttpResponse() {};
    }

    public static HttpResponseException errorWithoutStack(int status, String text) {
        return new HttpResponseException(text) {};
    }
}
