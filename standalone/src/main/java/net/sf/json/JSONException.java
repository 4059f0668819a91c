package net.sf.json;

/** Stands in for json-lib's class of this name. */
public class JSONException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JSONException(String message) {
        super(message);
    }
}
