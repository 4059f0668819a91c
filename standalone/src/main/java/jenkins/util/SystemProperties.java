package jenkins.util;

/** Stands in for core's class of this name, without a servlet context to ask as well. */
public class SystemProperties {
    private SystemProperties() {}

    public static String getString(String key) {
        return System.getProperty(key);
    }

    public static String getString(String key, String whereAbsent) {
        return System.getProperty(key, whereAbsent);
    }

    public static boolean getBoolean(String key) {
        return Boolean.getBoolean(key);
    }

    public static boolean getBoolean(String key, boolean whereAbsent) {
        String value = getString(key);
        return value == null ? whereAbsent : Boolean.parseBoolean(value);
    }

    public static Integer getInteger(String key) {
        return Integer.getInteger(key);
    }

    public static Integer getInteger(String key, Integer whereAbsent) {
        return Integer.getInteger(key, whereAbsent);
    }

    public static Long getLong(String key) {
        return Long.getLong(key);
    }

    public static Long getLong(String key, Long whereAbsent) {
        return Long.getLong(key, whereAbsent);
    }
}
