package hudson;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands in for core's class of this name. */
public class Util {
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+|\\{[\\w.]+}|\\$)");

    public static String fixEmpty(String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    public static String fixEmptyAndTrim(String text) {
        return text == null ? null : fixEmpty(text.trim());
    }

    public static String fixNull(String text) {
        return fixNull(text, "");
    }

    public static <T> T fixNull(T value, T whereNull) {
        return value == null ? whereNull : value;
    }

    public static <T> List<T> fixNull(List<T> list) {
        return fixNull(list, List.of());
    }

    public static <T> Set<T> fixNull(Set<T> set) {
        return fixNull(set, Set.of());
    }

    public static <T> Collection<T> fixNull(Collection<T> values) {
        return fixNull(values, Set.of());
    }

    public static String nullify(String text) {
        return fixEmpty(text);
    }

    public static String join(Collection<?> values, String separator) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(Objects.toString(value)));
        return String.join(separator, texts);
    }

    /** {@code $NAME} and <code>${NAME}</code> where the name is known; {@code $$} is one dollar sign. */
    public static String replaceMacro(String text, Map<String, String> variables) {
        if (text == null) {
            return null;
        }
        return VARIABLE.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            if (name.equals("$")) {
                return Matcher.quoteReplacement("$");
            }
            String key = name.startsWith("{") ? name.substring(1, name.length() - 1) : name;
            return Matcher.quoteReplacement(variables.getOrDefault(key, found.group()));
        });
    }

    public static String escape(String text) {
        return text == null ? null : xmlEscape(text).replace("\"", "&quot;").replace("'", "&#039;");
    }

    public static String xmlEscape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The two largest units that matter, as core words them: "2 hr 5 min", "1 min 3 sec", "45 sec", "120 ms". */
    public static String getTimeSpanString(long milliseconds) {
        Duration span = Duration.ofMillis(milliseconds);
        if (span.toDays() > 0) {
            return span.toDays() + (span.toDays() == 1 ? " day " : " days ") + span.toHoursPart() + " hr";
        }
        if (span.toHours() > 0) {
            return span.toHours() + " hr " + span.toMinutesPart() + " min";
        }
        if (span.toMinutes() > 0) {
            return span.toMinutes() + " min " + span.toSecondsPart() + " sec";
        }
        if (span.toSeconds() >= 10) {
            return span.toSeconds() + " sec";
        }
        if (span.toSeconds() >= 1) {
            int tenths = span.toMillisPart() / 100;
            return span.toSeconds() + (tenths == 0 ? "" : "." + tenths) + " sec";
        }
        return milliseconds + " ms";
    }
}
