package io.jenkins.plugins.sshexec.hosts;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From what a user types to where it goes. A word that names no host, in no folder around the job and not in the system
 * configuration, is an address. What is typed wins over what the named host says. Asked anew for each command, so that a
 * change counts for the next one. Never blocks.
 */
public final class HostResolver {

    private final SystemHosts system;
    private final List<HostSource> folders;

    HostResolver(SystemHosts system, List<HostSource> folders) {
        this.system = system;
        this.folders = folders;
    }

    /** For the settings as they are now. */
    public static HostResolver get() {
        return new HostResolver(SystemHosts.get(), ExtensionList.lookup(HostSource.class));
    }

    /** A host with the folder that it was found in; null for the system configuration. */
    private record Found(NamedHost host, @CheckForNull ItemGroup<?> folder) {}

    /**
     * What stays the same on the way from jump host to jump host.
     *
     * @param requester who asks, for the host key policies
     * @param behind names of the hosts that are reached through the one that is looked for, in lower case
     */
    private record Search(String requester, Set<String> behind) {}

    /**
     * @param job null on a page outside of any job; on a page of a folder, that folder
     * @param credentialsId as typed; null to take that of the named host
     * @throws UnfitHostException where the host is configured in a way that is not allowed, or is not any more
     */
    public Target resolve(@CheckForNull Item job, Destination typed, @CheckForNull String credentialsId)
            throws UnfitHostException {
        String requester = job == null ? Messages.HostResolver_noJob() : job.getFullName();
        return resolve(nearest(job), typed, credentialsId, true, new Search(requester, new HashSet<>()));
    }

    /**
     * A host as it stands in a form, saved or not.
     *
     * @param place the folder in whose form it is; null for the system configuration
     */
    public Target resolve(@CheckForNull Item place, NamedHost host) throws UnfitHostException {
        Destination typed = new Destination(Optional.empty(), host.getName(), OptionalInt.empty());
        String requester = place == null ? Messages.HostResolver_noJob() : place.getFullName();
        return target(new Found(host, nearest(place)), typed, null, true, new Search(requester, new HashSet<>()));
    }

    /** The host of this name that is saved in this very place; empty where there is none. */
    Optional<NamedHost> saved(@CheckForNull Item place, String name) {
        ItemGroup<?> folder = nearest(place);
        return folder == null
                ? named(name, system.getHosts())
                : folders.stream()
                        .flatMap(source -> named(name, source.hostsOf(folder)).stream())
                        .findFirst();
    }

    /** @param nearest the folder to look into first; null to look into the system configuration alone */
    private Target resolve(
            @CheckForNull ItemGroup<?> nearest,
            Destination typed,
            @CheckForNull String credentialsId,
            boolean withHops,
            Search search)
            throws UnfitHostException {
        HostKeyVerification ofAll = system.getHostKeyVerification();
        Optional<Found> found = find(nearest, typed.host());
        if (found.isEmpty()) {
            return new Target(
                    typed.host(),
                    false,
                    typed,
                    credentialsId,
                    ofAll.policy(search.requester()),
                    Algorithms.MODERN,
                    null,
                    HostLimits.NONE,
                    List.of());
        }
        return target(found.get(), typed, credentialsId, withHops, search);
    }

    private Target target(
            Found found, Destination typed, @CheckForNull String credentialsId, boolean withHops, Search search)
            throws UnfitHostException {
        NamedHost host = found.host();
        HostKeyVerification ofAll = system.getHostKeyVerification();
        boolean inFolder = found.folder() != null;
        Optional<String> problem = inFolder ? HostRules.problemInFolder(host, ofAll) : HostRules.problemOf(host, ofAll);
        if (problem.isPresent()) {
            throw new UnfitHostException(problem.get());
        }
        if (withHops && !search.behind().add(typed.host())) {
            throw new UnfitHostException(Messages.HostResolver_loop(host));
        }
        return new Target(
                host.getName(),
                true,
                new Destination(
                        typed.user().or(() -> Optional.ofNullable(host.getUser())),
                        host.addressOrName(),
                        OptionalInt.of(typed.port().orElse(host.getPort()))),
                credentialsId == null ? host.getCredentialsId() : credentialsId,
                policy(host.getHostKeyVerification(), ofAll, inFolder, search.requester()),
                host.isLegacyAlgorithms() ? Algorithms.LEGACY : Algorithms.MODERN,
                host.getProxy(),
                new HostLimits(
                        host.getSessionsPerHost(), host.getChannelsPerSession(), host.getMinIdleSessions(), inFolder),
                withHops ? hops(found, search) : List.of());
    }

    /**
     * As for ssh(1), the first jump host may have some of its own, and those of the others do not count. Their names are those
     * that the place of the host knows: a folder does not change the way to a host of the system configuration.
     */
    private List<Target> hops(Found found, Search search) throws UnfitHostException {
        List<Target> hops = new ArrayList<>();
        for (String typed : found.host().jumpHosts()) {
            Target hop = resolve(found.folder(), Destination.parse(typed), null, hops.isEmpty(), search);
            hops.addAll(hop.hops());
            hops.add(hop.withoutHops());
        }
        return hops;
    }

    private Optional<Found> find(@CheckForNull ItemGroup<?> nearest, String name) {
        for (ItemGroup<?> folder = nearest; folder != null; folder = parent(folder)) {
            for (HostSource source : folders) {
                Optional<NamedHost> host = named(name, source.hostsOf(folder));
                if (host.isPresent()) {
                    return Optional.of(new Found(host.get(), folder));
                }
            }
        }
        return named(name, system.getHosts()).map(host -> new Found(host, null));
    }

    /**
     * The names of all hosts with a label, those of the nearest folder first. A host that stands behind another of its name,
     * which a folder nearer to the job has, is not known there, whatever its labels.
     *
     * @param job null on a page outside of any job
     */
    public List<String> labelled(@CheckForNull Item job, String label) {
        List<NamedHost> known = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ItemGroup<?> folder = nearest(job); folder != null; folder = parent(folder)) {
            for (HostSource source : folders) {
                add(source.hostsOf(folder), known, names);
            }
        }
        add(system.getHosts(), known, names);
        return known.stream()
                .filter(host -> host.labelSet().contains(label))
                .map(NamedHost::getName)
                .toList();
    }

    private static void add(List<NamedHost> hosts, List<NamedHost> known, Set<String> names) {
        for (NamedHost host : hosts) {
            if (names.add(host.getName().toLowerCase(Locale.ROOT))) {
                known.add(host);
            }
        }
    }

    /** The hosts to which sessions are kept ready: of the system configuration, and of all folders that the user may see. */
    public List<PlacedHost> keptReady() {
        Stream<PlacedHost> ofTheSystem = system.getHosts().stream().map(host -> new PlacedHost(null, host));
        return Stream.concat(ofTheSystem, folders.stream().flatMap(source -> source.allHosts().stream()))
                .filter(placed -> placed.host().getMinIdleSessions() > 0)
                .toList();
    }

    private static ItemGroup<?> nearest(@CheckForNull Item job) {
        return job instanceof ItemGroup<?> folder ? folder : parent(job);
    }

    private static ItemGroup<?> parent(@CheckForNull Object place) {
        return place instanceof Item item ? item.getParent() : null;
    }

    private static Optional<NamedHost> named(String name, List<NamedHost> hosts) {
        return hosts.stream()
                .filter(host -> host.getName().equalsIgnoreCase(name))
                .findFirst();
    }

    /** In the system configuration an administrator has chosen; in a folder, the choice comes on top of what holds for all. */
    private static HostKeyPolicy policy(
            @CheckForNull HostKeyVerification own, HostKeyVerification ofAll, boolean inFolder, String requester) {
        if (own == null) {
            return ofAll.policy(requester);
        }
        return inFolder ? new BothPolicies(ofAll.policy(requester), own.policy(requester)) : own.policy(requester);
    }
}
