package io.jenkins.plugins.sshexec.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.sshexec.core.model.Proxy;
import io.jenkins.plugins.sshexec.hostkey.AcceptNewVerification;
import io.jenkins.plugins.sshexec.hostkey.ApprovedKeysVerification;
import io.jenkins.plugins.sshexec.hostkey.GivenKeysVerification;
import io.jenkins.plugins.sshexec.hostkey.HostKeyVerification;
import io.jenkins.plugins.sshexec.hostkey.KnownHostsFileVerification;
import io.jenkins.plugins.sshexec.hostkey.NoVerification;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRulesTest {

    private static final HostKeyVerification STRICT = new KnownHostsFileVerification();

    @ParameterizedTest
    @ValueSource(strings = {"web1", "Web-1.example_2", "bücher", "192.0.2.1", "_", "1"})
    void fitNames(String name) {
        assertThatCode(() -> HostRules.require(List.of(new NamedHost(name)), STRICT))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"me@web1", "web1:22", "web 1", "-o", ".web1", "web1;reboot", "web/1", "[::1]", "${HOST}", "a\nb"
            })
    void unfitNames(String name) {
        assertRefused(STRICT, new NamedHost(name)).withMessageContaining("must be a word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void aHostNeedsAName(String name) {
        assertRefused(STRICT, new NamedHost(name)).withMessageStartingWith("Type the name");
    }

    static Stream<Arguments> unfit() {
        return Stream.of(
                Arguments.of(setting(host -> host.setAddress("me@web1")), "Type a host name or an IP address"),
                Arguments.of(setting(host -> host.setAddress("web1:22")), "Type a host name or an IP address"),
                Arguments.of(setting(host -> host.setAddress("[::1]")), "Type a host name or an IP address"),
                Arguments.of(setting(host -> host.setPort(0)), "Type a port"),
                Arguments.of(setting(host -> host.setPort(65_536)), "Type a port"),
                Arguments.of(setting(host -> host.setUser("a b")), "Type a user name"),
                Arguments.of(setting(host -> host.setJumpHost("a,,b")), "Type jump hosts"),
                Arguments.of(setting(host -> host.setJumpHost("a b")), "Type jump hosts"),
                Arguments.of(proxy(null, "proxy", 1080), "Choose HTTP or SOCKS5"),
                Arguments.of(proxy(Proxy.Type.HTTP, " ", 1080), "In the proxy: Type a host name or an IP address"),
                Arguments.of(proxy(Proxy.Type.SOCKS5, "proxy", 0), "In the proxy: Type a port"),
                Arguments.of(
                        proxy(Proxy.Type.SOCKS5, "proxy", 1080).andThen(setting(host -> host.setJumpHost("bastion"))),
                        "Choose a jump host or a proxy"),
                Arguments.of(setting(host -> host.setSessionsPerHost(-1)), "Type a number of sessions from 1 to 1000"),
                Arguments.of(setting(host -> host.setSessionsPerHost(1001)), "Type a number of sessions"),
                Arguments.of(
                        setting(host -> host.setChannelsPerSession(101)), "Type a number of commands from 1 to 100"),
                Arguments.of(
                        setting(host -> host.setMinIdleSessions(-1)),
                        "Type a number of sessions to keep ready from 1 to 100, not more than may be in use at once, or 0"),
                Arguments.of(setting(host -> host.setMinIdleSessions(101)), "Type a number of sessions to keep ready"),
                Arguments.of(
                        setting(host -> {
                            host.setSessionsPerHost(3);
                            host.setMinIdleSessions(4);
                        }),
                        "Type a number of sessions to keep ready from 1 to 3,"),
                Arguments.of(setting(host -> host.setLabels("web,db")), "Type labels"));
    }

    private static Consumer<NamedHost> setting(Consumer<NamedHost> setting) {
        return setting;
    }

    private static Consumer<NamedHost> proxy(Proxy.Type type, String address, int port) {
        return host -> host.setProxy(new HostProxy(type, address, port));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void anUnfitValueIsToldWithTheHostAndWhatToType(Consumer<NamedHost> setting, String sentence) {
        NamedHost host = new NamedHost("web1");
        setting.accept(host);
        assertRefused(STRICT, new NamedHost("web0"), host).withMessageStartingWith("Host \"web1\": " + sentence);
    }

    @Test
    void allThatFits() {
        NamedHost host = new NamedHost("web1");
        host.setAddress("2001:db8::1");
        host.setPort(65_535);
        host.setUser("me@corp.example");
        host.setJumpHost("bastion, me@[2001:db8::2]:2222");
        host.setSessionsPerHost(1000);
        host.setChannelsPerSession(100);
        host.setMinIdleSessions(100);
        host.setLabels(" web  production ");
        host.setHostKeyVerification(new KnownHostsFileVerification());
        assertThatCode(() -> HostRules.require(List.of(host), STRICT)).doesNotThrowAnyException();
    }

    @Test
    void noTwoHostsHaveOneNameInWhateverCase() {
        assertRefused(STRICT, new NamedHost("web1"), new NamedHost("web2"), new NamedHost("WEB1"))
                .withMessageStartingWith("There are two hosts \"WEB1\"");
    }

    @Test
    void noHostIsCheckedMoreLaxlyThanAll() {
        List<HostKeyVerification> laxestFirst =
                List.of(new NoVerification(), new AcceptNewVerification(), new KnownHostsFileVerification());
        for (HostKeyVerification own : laxestFirst) {
            for (HostKeyVerification ofAll : laxestFirst) {
                NamedHost host = new NamedHost("web1");
                host.setHostKeyVerification(own);
                if (laxestFirst.indexOf(own) < laxestFirst.indexOf(ofAll)) {
                    assertRefused(ofAll, host)
                            .withMessageContaining("Host \"web1\": The host key verification is laxer");
                } else {
                    assertThatCode(() -> HostRules.require(List.of(host), ofAll))
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    @Test
    void keysThatSomebodyVouchesForAreAsStrictFromWhereverTheyCome() {
        List<HostKeyVerification> strict =
                List.of(new KnownHostsFileVerification(), new GivenKeysVerification(), new ApprovedKeysVerification());
        for (HostKeyVerification own : strict) {
            NamedHost host = new NamedHost("web1");
            host.setHostKeyVerification(own);
            for (HostKeyVerification ofAll : strict) {
                assertThatCode(() -> HostRules.require(List.of(host), ofAll)).doesNotThrowAnyException();
            }
            assertThat(new AcceptNewVerification().strictness().isLaxerThan(own.strictness()))
                    .isTrue();
        }
    }

    @Test
    void aFolderMayGiveKeysOfItsOwn() {
        NamedHost host = new NamedHost("web1");
        host.setHostKeyVerification(new GivenKeysVerification());
        assertThatCode(() -> HostRules.requireInFolder(List.of(host), STRICT)).doesNotThrowAnyException();
    }

    @Test
    void aFolderNamesNoFileAndTrustsNobody() {
        HostKeyVerification none = new NoVerification();
        NamedHost host = new NamedHost("web1");
        HostRules.requireInFolder(List.of(host), STRICT);
        host.setHostKeyVerification(new AcceptNewVerification());
        HostRules.requireInFolder(List.of(host), none);
        for (HostKeyVerification own :
                List.of(none, new KnownHostsFileVerification(), new ApprovedKeysVerification())) {
            host.setHostKeyVerification(own);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HostRules.requireInFolder(List.of(host), none))
                    .withMessageStartingWith(
                            "Host \"web1\": This host key verification is for the system configuration");
        }
        host.setHostKeyVerification(new AcceptNewVerification());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostRules.requireInFolder(List.of(host), STRICT))
                .withMessageContaining("laxer");
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<IllegalArgumentException> assertRefused(
            HostKeyVerification ofAll, NamedHost... hosts) {
        return assertThatIllegalArgumentException().isThrownBy(() -> HostRules.require(List.of(hosts), ofAll));
    }
}
