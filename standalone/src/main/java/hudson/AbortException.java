package hudson;

import java.io.IOException;

/** Stands in for core's class of this name: a failure told by its message alone, without a stack trace. */
public class AbortException extends IOException {
    private static final long serialVersionUID = 1L;

    public AbortException() {}

    public AbortException(String message) {
        super(message);
    }
}
