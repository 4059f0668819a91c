package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** The one kind of store here: of the controller or of a folder, in memory. */
final class MemoryCredentialsStore extends CredentialsStore {
    private static final Map<ItemGroup<?>, MemoryCredentialsStore> STORES =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final ItemGroup<?> context;

    // @GuardedBy("this")
    private final Map<Domain, List<Credentials>> byDomain = new LinkedHashMap<>();

    private MemoryCredentialsStore(ItemGroup<?> context) {
        this.context = context;
        byDomain.put(Domain.global(), new ArrayList<>());
    }

    static MemoryCredentialsStore of(ItemGroup<?> group) {
        return STORES.computeIfAbsent(group, MemoryCredentialsStore::new);
    }

    /** What may serve a place with these requirements, of one kind. */
    synchronized <C extends Credentials> List<C> find(Class<C> type, List<DomainRequirement> requirements) {
        return byDomain.entrySet().stream()
                .filter(entry -> entry.getKey().test(requirements))
                .flatMap(entry -> entry.getValue().stream())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Override
    public ModelObject getContext() {
        return context;
    }

    @Override
    public synchronized List<Domain> getDomains() {
        return List.copyOf(byDomain.keySet());
    }

    @Override
    public synchronized List<Credentials> getCredentials(Domain domain) {
        return List.copyOf(byDomain.getOrDefault(domain, List.of()));
    }

    @Override
    public synchronized boolean addDomain(Domain domain, List<Credentials> credentials) {
        return byDomain.putIfAbsent(domain, new ArrayList<>(credentials)) == null;
    }

    @Override
    public synchronized boolean addCredentials(Domain domain, Credentials credentials) {
        List<Credentials> known = byDomain.get(domain);
        if (known == null || known.stream().anyMatch(other -> sameId(other, credentials))) {
            return false;
        }
        return known.add(credentials);
    }

    @Override
    public synchronized boolean removeCredentials(Domain domain, Credentials credentials) {
        return byDomain.getOrDefault(domain, List.of()).remove(credentials);
    }

    @Override
    public synchronized boolean updateCredentials(Domain domain, Credentials current, Credentials replacement) {
        return removeCredentials(domain, current) && addCredentials(domain, replacement);
    }

    private static boolean sameId(Credentials one, Credentials other) {
        return one instanceof IdCredentials a
                && other instanceof IdCredentials b
                && a.getId().equals(b.getId());
    }
}
