package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.UsernameCredentials;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/** Stands in for the credentials plugin's class of this name. */
public class CredentialsMatchers {
    private CredentialsMatchers() {}

    public static CredentialsMatcher always() {
        return item -> true;
    }

    public static CredentialsMatcher never() {
        return item -> false;
    }

    public static CredentialsMatcher not(CredentialsMatcher matcher) {
        return item -> !matcher.matches(item);
    }

    @SuppressWarnings("rawtypes") // its signature in the real class
    public static CredentialsMatcher instanceOf(Class type) {
        return type::isInstance;
    }

    public static CredentialsMatcher withId(String id) {
        return item -> item instanceof IdCredentials named && named.getId().equals(id);
    }

    public static CredentialsMatcher withUsername(String username) {
        return item ->
                item instanceof UsernameCredentials user && user.getUsername().equals(username);
    }

    public static CredentialsMatcher withScope(CredentialsScope scope) {
        return item -> item.getScope() == scope;
    }

    public static CredentialsMatcher allOf(CredentialsMatcher... matchers) {
        return item -> Arrays.stream(matchers).allMatch(matcher -> matcher.matches(item));
    }

    public static CredentialsMatcher anyOf(CredentialsMatcher... matchers) {
        return item -> Arrays.stream(matchers).anyMatch(matcher -> matcher.matches(item));
    }

    public static CredentialsMatcher both(CredentialsMatcher one, CredentialsMatcher other) {
        return allOf(one, other);
    }

    public static CredentialsMatcher either(CredentialsMatcher one, CredentialsMatcher other) {
        return anyOf(one, other);
    }

    public static <C extends Credentials> List<C> filter(List<C> credentials, CredentialsMatcher matcher) {
        return credentials.stream().filter(matcher::matches).toList();
    }

    public static <C extends Credentials> C firstOrNull(Iterable<C> credentials, CredentialsMatcher matcher) {
        return StreamSupport.stream(credentials.spliterator(), false)
                .filter(matcher::matches)
                .findFirst()
                .orElse(null);
    }
}
