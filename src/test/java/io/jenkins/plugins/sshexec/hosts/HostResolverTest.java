package io.jenkins.plugins.sshexec.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Item;
import hudson.model.ItemGroup;
import io.jenkins.plugins.sshexec.core.model.Algorithms;
import io.jenkins.plugins.sshexec.core.model.Destination;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostLimits;
import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostResolverTest {

    private final NamedHost web1 = new NamedHost("Web1");
    private final KnownHostsFileVerification global = knownHosts("/global");

    private Target resolve(String typed, String credentialsId) throws UnfitHostException {
        return resolve(global, typed, credentialsId);
    }

    private Target resolve(HostKeyVerification ofAll, String typed, String credentialsId) throws UnfitHostException {
        return new HostResolver(system(ofAll, new NamedHost("web0"), web1), List.of())
                .resolve(null, Destination.parse(typed), credentialsId);
    }

    @Test
    void whatIsNoNameIsAnAddress() throws Exception {
        Target target = resolve("me@other:2222", "id");
        assertThat(target.destination()).isEqualTo(Destination.parse("me@other:2222"));
        assertThat(target.credentialsId()).isEqualTo("id");
        assertThat(target.name()).isEqualTo("other");
        assertThat(target.shortName()).isEqualTo("other:2222");
        assertThat(target.describe(target.endpoint())).isEqualTo("other:2222");
        assertThat(target.hostKeyPolicy().id()).isEqualTo(global.policy("").id());
    }

    @Test
    void aNameBringsItsSettings() throws Exception {
        web1.setAddress("2001:db8::1");
        web1.setPort(2222);
        web1.setUser("deploy");
        web1.setCredentialsId("web");
        web1.setHostKeyVerification(knownHosts("/own"));
        Target target = resolve("wEB1", null);
        assertThat(target.destination()).isEqualTo(Destination.parse("deploy@[2001:db8::1]:2222"));
        assertThat(target.credentialsId()).isEqualTo("web");
        assertThat(target.name()).isEqualTo("Web1");
        assertThat(target.shortName()).isEqualTo("Web1");
        assertThat(target.describe(target.endpoint())).isEqualTo("Web1 ([2001:db8::1]:2222)");
        assertThat(target.algorithms()).isEqualTo(Algorithms.MODERN);
        web1.setLegacyAlgorithms(true);
        assertThat(resolve("web1", null).algorithms()).isEqualTo(Algorithms.LEGACY);
        assertThat(resolve("other", null).algorithms()).isEqualTo(Algorithms.MODERN);
        assertThat(target.hostKeyPolicy().id())
                .isEqualTo(knownHosts("/own").policy("").id());
    }

    @Test
    void aNameIsItsOwnAddressWhereThereIsNoOther() throws Exception {
        Target target = resolve("web1", null);
        assertThat(target.endpoint()).isEqualTo(new Endpoint("web1", 22));
        assertThat(target.destination().user()).isEmpty();
        assertThat(target.credentialsId()).isNull();
        assertThat(target.describe(target.endpoint())).isEqualTo("web1:22");
        assertThat(target.describe(new Endpoint("other", 22))).isEqualTo("other:22");
    }

    @Test
    void whatIsTypedWins() throws Exception {
        web1.setAddress("192.0.2.1");
        web1.setPort(2222);
        web1.setUser("deploy");
        web1.setCredentialsId("web");
        assertThat(resolve("root@web1", null).destination()).isEqualTo(Destination.parse("root@192.0.2.1:2222"));
        assertThat(resolve("web1:22", null).destination()).isEqualTo(Destination.parse("deploy@192.0.2.1:22"));
        assertThat(resolve("web1", "other").credentialsId()).isEqualTo("other");
    }

    @Test
    void theAddressOfANameIsNotLookedUpAsAName() throws Exception {
        web1.setAddress("web0");
        assertThat(resolve("web1", null).endpoint().host()).isEqualTo("web0");
    }

    private final NamedHost bastion = new NamedHost("bastion");
    private final NamedHost inner = new NamedHost("inner");

    private Target resolveThroughHops() throws UnfitHostException {
        return new HostResolver(system(global, web1, bastion, inner), List.of())
                .resolve(null, Destination.parse("web1"), "typed");
    }

    @Test
    void hopsHaveTheirOwnSettingsAndNotWhatIsTypedForTheTarget() throws Exception {
        bastion.setAddress("192.0.2.1");
        bastion.setUser("jump");
        bastion.setCredentialsId("ours");
        web1.setJumpHost(" bastion , root@other:2222 ");
        Target target = resolveThroughHops();
        assertThat(target.credentialsId()).isEqualTo("typed");
        assertThat(target.hops())
                .map(Target::destination)
                .containsExactly(Destination.parse("jump@192.0.2.1:22"), Destination.parse("root@other:2222"));
        assertThat(target.hops()).map(Target::credentialsId).containsExactly("ours", null);
        assertThat(target.describe(new Endpoint("192.0.2.1", 22))).isEqualTo("bastion (192.0.2.1:22)");
        HostProxy proxy = new HostProxy(Proxy.Type.SOCKS5, "proxy", 1080);
        bastion.setProxy(proxy);
        assertThat(resolveThroughHops().proxy()).isNull();
        assertThat(resolveThroughHops().hops()).map(Target::proxy).containsExactly(proxy, null);
    }

    @Test
    void theFirstHopBringsItsOwnHopsAndTheOthersDoNot() throws Exception {
        web1.setJumpHost("inner");
        inner.setJumpHost("bastion");
        assertThat(resolveThroughHops().hops()).map(Target::name).containsExactly("bastion", "inner");
        web1.setJumpHost("bastion,inner");
        assertThat(resolveThroughHops().hops()).map(Target::name).containsExactly("bastion", "inner");
    }

    @Test
    void aFolderDoesNotChangeTheWayToAHostOfTheSystemConfiguration() throws Exception {
        web1.setJumpHost("bastion");
        bastion.setAddress("192.0.2.1");
        NamedHost otherBastion = new NamedHost("bastion");
        otherBastion.setAddress("192.0.2.66");
        NamedHost ofFolder = new NamedHost("web2");
        ofFolder.setJumpHost("bastion");
        ItemGroup<?> folder = stub(ItemGroup.class, null);
        Item job = stub(Item.class, folder);
        HostResolver resolver =
                new HostResolver(system(global, web1, bastion), List.of(of(folder, null, otherBastion, ofFolder)));
        assertThat(resolver.resolve(job, Destination.parse("web1"), null).hops())
                .map(hop -> hop.endpoint().host())
                .containsExactly("192.0.2.1");
        assertThat(resolver.resolve(job, Destination.parse("web2"), null).hops())
                .map(hop -> hop.endpoint().host())
                .containsExactly("192.0.2.66");
        assertThat(resolver.resolve(job, Destination.parse("bastion"), null)
                        .endpoint()
                        .host())
                .isEqualTo("192.0.2.66");
        assertThat(resolver.resolve(null, Destination.parse("bastion"), null)
                        .endpoint()
                        .host())
                .isEqualTo("192.0.2.1");
    }

    @Test
    void hostsThatAreKeptReadyAreThoseOfAllPlacesThatSaySo() {
        NamedHost ofFolder = new NamedHost("web2");
        ItemGroup<?> folder = stub(ItemGroup.class, null);
        Item asItem = stub(Item.class, null);
        HostResolver resolver = new HostResolver(
                system(global, web1, bastion), List.of(of(folder, asItem, new NamedHost("web3"), ofFolder)));
        assertThat(resolver.keptReady()).isEmpty();
        web1.setMinIdleSessions(1);
        ofFolder.setMinIdleSessions(2);
        assertThat(resolver.keptReady()).containsExactly(new PlacedHost(null, web1), new PlacedHost(asItem, ofFolder));
    }

    @Test
    void limitsGoWithTheTarget() throws Exception {
        web1.setSessionsPerHost(3);
        web1.setChannelsPerSession(4);
        web1.setMinIdleSessions(2);
        assertThat(resolve("web1", null).limits()).isEqualTo(new HostLimits(3, 4, 2, false));
        assertThat(resolve("other", null).limits()).isEqualTo(HostLimits.NONE);
    }

    /** Of one folder. */
    private static HostSource of(ItemGroup<?> folder, Item asItem, NamedHost... hosts) {
        return new HostSource() {
            @Override
            public List<NamedHost> hostsOf(ItemGroup<?> group) {
                return group == folder ? List.of(hosts) : List.of();
            }

            @Override
            public List<PlacedHost> allHosts() {
                return Stream.of(hosts)
                        .map(host -> new PlacedHost(asItem, host))
                        .toList();
            }
        };
    }

    /** Knows its parent and its name, and nothing else. */
    private static <T> T stub(Class<T> type, Object parent) {
        return type.cast(java.lang.reflect.Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (stub, method, arguments) -> {
                    if (method.getName().equals("getParent")) {
                        return parent;
                    }
                    if (method.getName().equals("getFullName")) {
                        return "shop";
                    }
                    throw new UnsupportedOperationException(method.toString());
                }));
    }

    @Test
    void hopsThatLeadBackAreTold() {
        web1.setJumpHost("inner");
        inner.setJumpHost("bastion");
        bastion.setJumpHost("WEB1");
        assertThatThrownBy(this::resolveThroughHops)
                .isInstanceOf(UnfitHostException.class)
                .hasMessage("The jump hosts of \"Web1\" lead back to it; change the jump host of one of them.");
    }

    @Test
    void aHopThatIsNotFitIsNotUsed() {
        web1.setJumpHost("bastion");
        bastion.setHostKeyVerification(new NoVerification());
        assertThatThrownBy(this::resolveThroughHops).hasMessageContaining("Host \"bastion\": The host key");
    }

    /** As a file that was edited by hand can have it. */
    @Test
    void aHostThatIsNotFitIsNotUsed() throws Exception {
        web1.setHostKeyVerification(new NoVerification());
        assertThatThrownBy(() -> resolve("web1", null))
                .isInstanceOf(UnfitHostException.class)
                .hasMessageContaining("Host \"Web1\": The host key verification is laxer");
        assertThat(resolve(new NoVerification(), "web1", null).hostKeyPolicy().id())
                .isEqualTo(new NoVerification().policy("").id());
        web1.setPort(0);
        assertThatThrownBy(() -> resolve(new NoVerification(), "web1", null)).hasMessageContaining("Type a port");
    }

    private static SystemHosts system(HostKeyVerification ofAll, NamedHost... hosts) {
        return new SystemHosts() {
            @Override
            public List<NamedHost> getHosts() {
                return List.of(hosts);
            }

            @Override
            public HostKeyVerification getHostKeyVerification() {
                return ofAll;
            }

            @Override
            public int getSessionsPerHost() {
                return 8;
            }
        };
    }

    private static KnownHostsFileVerification knownHosts(String file) {
        KnownHostsFileVerification verification = new KnownHostsFileVerification();
        verification.setFile(file);
        return verification;
    }
}
