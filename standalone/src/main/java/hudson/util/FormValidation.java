package hudson.util;

import hudson.Util;
import java.io.IOException;
import java.util.Collection;
import org.kohsuke.stapler.HttpResponse;

/** Stands in for core's class of this name: what a form says of one field. */
public abstract class FormValidation extends IOException implements HttpResponse {
    private static final long serialVersionUID = 1L;
    private static final FormValidation OK = new Plain(Kind.OK, null);

    public final Kind kind;

    private FormValidation(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public abstract String renderHtml();

    public static FormValidation ok() {
        return OK;
    }

    public static FormValidation ok(String message) {
        return new Plain(Kind.OK, message);
    }

    public static FormValidation ok(String format, Object... arguments) {
        return ok(String.format(format, arguments));
    }

    public static FormValidation warning(String message) {
        return new Plain(Kind.WARNING, message);
    }

    public static FormValidation warning(String format, Object... arguments) {
        return warning(String.format(format, arguments));
    }

    public static FormValidation warning(Throwable cause, String message) {
        return because(Kind.WARNING, cause, message);
    }

    public static FormValidation error(String message) {
        return new Plain(Kind.ERROR, message);
    }

    public static FormValidation error(String format, Object... arguments) {
        return error(String.format(format, arguments));
    }

    public static FormValidation error(Throwable cause, String message) {
        return because(Kind.ERROR, cause, message);
    }

    private static FormValidation because(Kind kind, Throwable cause, String message) {
        FormValidation validation = new Plain(kind, message);
        validation.initCause(cause);
        return validation;
    }

    /** The worst of them decides. */
    public static FormValidation aggregate(Collection<? extends FormValidation> validations) {
        FormValidation worst = OK;
        for (FormValidation validation : validations) {
            worst = validation.kind.compareTo(worst.kind) > 0 ? validation : worst;
        }
        return worst;
    }

    public static FormValidation validateRequired(String value) {
        return Util.fixEmptyAndTrim(value) == null ? error("Required value") : ok();
    }

    public static FormValidation validatePositiveInteger(String value) {
        return validateAtLeast(1, value, "Not a positive number");
    }

    public static FormValidation validateNonNegativeInteger(String value) {
        return validateAtLeast(0, value, "Not a non-negative number");
    }

    private static FormValidation validateAtLeast(int least, String value, String otherwise) {
        try {
            return Integer.parseInt(value) < least ? error(otherwise) : ok();
        } catch (NumberFormatException e) {
            return error("Not a number");
        }
    }

    public static FormValidation validateIntegerInRange(String value, int lower, int upper) {
        try {
            int number = Integer.parseInt(value);
            return number < lower || number > upper ? error("Must be in the range %d to %d", lower, upper) : ok();
        } catch (NumberFormatException e) {
            return error("Not an integer number");
        }
    }

    /** Stands in for core's enum of this name. */
    public enum Kind {
        OK,
        WARNING,
        ERROR
    }

    private static final class Plain extends FormValidation {
        private static final long serialVersionUID = 1L;

        Plain(Kind kind, String message) {
            super(kind, message);
        }

        @Override
        public String renderHtml() {
            return getMessage() == null ? "<div/>" : "<div class=" + kind + ">" + Util.escape(getMessage()) + "</div>";
        }
    }
}
