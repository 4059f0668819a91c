package jenkins.util;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Stands in for core's class of this name; of the forms that a duration can have there, only the plain number. */
public class SystemProperties {
    private SystemProperties() {}

    public static Duration getDuration(String name, ChronoUnit unit, Duration byDefault) {
        Long amount = Long.getLong(name);
        return amount == null ? byDefault : Duration.of(amount, unit);
    }
}
