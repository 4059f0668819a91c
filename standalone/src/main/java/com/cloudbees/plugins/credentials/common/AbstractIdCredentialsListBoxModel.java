package com.cloudbees.plugins.credentials.common;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Stands in for the credentials plugin's class of this name: a drop-down of credentials. */
public abstract class AbstractIdCredentialsListBoxModel<
                T extends AbstractIdCredentialsListBoxModel<T, C>, C extends IdCredentials>
        extends ListBoxModel {
    private static final long serialVersionUID = 1L;

    protected abstract String describe(C credentials);

    public AbstractIdCredentialsListBoxModel<T, C> includeEmptyValue() {
        if (!has("")) {
            add(0, new Option("- none -", ""));
        }
        return this;
    }

    public AbstractIdCredentialsListBoxModel<T, C> withEmptySelection() {
        return includeEmptyValue();
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeCurrentValue(String value) {
        if (value != null && !has(value)) {
            add("- current -", value);
        }
        return this;
    }

    public AbstractIdCredentialsListBoxModel<T, C> with(C credentials) {
        if (!has(credentials.getId())) {
            add(describe(credentials), credentials.getId());
        }
        return this;
    }

    public AbstractIdCredentialsListBoxModel<T, C> withAll(Iterable<? extends C> credentials) {
        credentials.forEach(this::with);
        return this;
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeAs(
            Authentication user, Item context, Class<? extends C> type) {
        return includeAs(user, context, type, List.of());
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeAs(
            Authentication user, Item context, Class<? extends C> type, List<DomainRequirement> requirements) {
        return includeMatchingAs(user, context, type, requirements, CredentialsMatchers.always());
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeAs(
            Authentication user, ItemGroup<?> context, Class<? extends C> type) {
        return includeAs(user, context, type, List.of());
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeAs(
            Authentication user, ItemGroup<?> context, Class<? extends C> type, List<DomainRequirement> requirements) {
        return includeMatchingAs(user, context, type, requirements, CredentialsMatchers.always());
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeMatching(
            Item context, Class<? extends C> type, List<DomainRequirement> requirements, CredentialsMatcher matcher) {
        return includeMatchingAs(Jenkins.getAuthentication2(), context, type, requirements, matcher);
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            Authentication user,
            Item context,
            Class<? extends C> type,
            List<DomainRequirement> requirements,
            CredentialsMatcher matcher) {
        return include(CredentialsProvider.lookupCredentialsInItem(type, context, user, requirements), matcher);
    }

    public AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            Authentication user,
            ItemGroup<?> context,
            Class<? extends C> type,
            List<DomainRequirement> requirements,
            CredentialsMatcher matcher) {
        return include(CredentialsProvider.lookupCredentialsInItemGroup(type, context, user, requirements), matcher);
    }

    private AbstractIdCredentialsListBoxModel<T, C> include(List<? extends C> credentials, CredentialsMatcher matcher) {
        credentials.stream().filter(matcher::matches).forEach(this::with);
        return this;
    }

    private boolean has(String value) {
        return stream().anyMatch(option -> option.value.equals(value));
    }
}
