package com.cloudbees.plugins.credentials.domains;

import java.util.Arrays;
import java.util.regex.Pattern;

/** Comma-separated names with {@code *} and {@code ?}, as the specifications of domains have them. */
final class Wildcards {
    private Wildcards() {}

    static boolean matches(String commaSeparated, String text) {
        return Arrays.stream(commaSeparated.split(","))
                .map(String::trim)
                .map(pattern -> Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"))
                .anyMatch(regex -> Pattern.compile(regex, Pattern.CASE_INSENSITIVE)
                        .matcher(text)
                        .matches());
    }

    static DomainSpecification.Result test(String includes, String excludes, String text) {
        boolean in = includes == null || matches(includes, text);
        boolean out = excludes != null && matches(excludes, text);
        return in && !out ? DomainSpecification.Result.PARTIAL : DomainSpecification.Result.NEGATIVE;
    }
}
