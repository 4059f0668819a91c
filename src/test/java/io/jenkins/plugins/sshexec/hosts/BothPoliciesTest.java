package io.jenkins.plugins.sshexec.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.model.CertificateTrust;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.HostKey;
import io.jenkins.plugins.sshexec.core.model.HostKeyPolicy;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Accepted;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Cause;
import io.jenkins.plugins.sshexec.core.model.HostKeyVerdict.Refused;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BothPoliciesTest {

    private static final Endpoint WEB1 = new Endpoint("web1", 22);
    private static final HostKey KEY = new HostKey("ssh-ed25519", new byte[32]);

    private static HostKeyVerdict verdict(HostKeyPolicy first, HostKeyPolicy second) {
        return new BothPolicies(first, second).check(WEB1, KEY);
    }

    @Test
    void onlyWhatBothAcceptIsAccepted() {
        HostKeyPolicy any = Policies.acceptAny();
        HostKeyPolicy none = Policies.refuse(Cause.UNKNOWN);
        assertThat(verdict(any, any)).isEqualTo(new Accepted());
        assertThat(verdict(any, none)).isEqualTo(none.check(WEB1, KEY));
        assertThat(verdict(none, any)).isEqualTo(none.check(WEB1, KEY));
        assertThat(verdict(Policies.refuse(Cause.CHANGED), none))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Refused.class))
                .extracting(Refused::cause)
                .isEqualTo(Cause.CHANGED);
    }

    @Test
    void certificateIsGoodIfBothNameItsAuthorityAndNoneRevokesAKey() {
        HostKey other = new HostKey("ssh-ed25519", new byte[] {1});
        HostKeyPolicy one = trusting(Set.of(KEY, other), Set.of());
        assertThat(new BothPolicies(one, trusting(Set.of(KEY), Set.of())).certificateTrust(WEB1))
                .isEqualTo(new CertificateTrust(Set.of(KEY), Set.of()));
        assertThat(new BothPolicies(trusting(Set.of(), Set.of(KEY)), one).certificateTrust(WEB1))
                .isEqualTo(new CertificateTrust(Set.of(), Set.of(KEY)));
        assertThat(new BothPolicies(one, trusting(Set.of(KEY, other), Set.of(KEY))).certificateTrust(WEB1))
                .isEqualTo(new CertificateTrust(Set.of(other), Set.of(KEY)));
        assertThat(new BothPolicies(Policies.acceptAny(), one)
                        .certificateTrust(WEB1)
                        .hasAuthorities())
                .isFalse();
    }

    private static HostKeyPolicy trusting(Set<HostKey> authorities, Set<HostKey> revoked) {
        return Policies.trusting(new CertificateTrust(authorities, revoked));
    }

    @Test
    void theSecondLearnsOfNoKeyThatTheFirstRefuses() {
        HostKeyPolicy second = new HostKeyPolicy() {
            @Override
            public String id() {
                return "";
            }

            @Override
            public HostKeyVerdict check(Endpoint endpoint, HostKey offered) {
                throw new AssertionError("asked");
            }

            @Override
            public List<String> knownKeyTypes(Endpoint endpoint) {
                return List.of();
            }
        };
        assertThat(verdict(Policies.refuse(Cause.REVOKED), second)).isInstanceOf(Refused.class);
    }

    @Test
    void sessionsAreSharedOnlyUnderTheSamePair() {
        HostKeyPolicy any = Policies.acceptAny();
        HostKeyPolicy none = Policies.refuse(Cause.UNKNOWN);
        assertThat(new BothPolicies(any, none).id())
                .isEqualTo(new BothPolicies(any, none).id())
                .isNotEqualTo(new BothPolicies(none, any).id())
                .isNotEqualTo(any.id());
    }

    @Test
    void keyTypesOfBothAreAskedForThoseOfTheSecondFirst() {
        assertThat(new BothPolicies(Policies.knowing("a", "b"), Policies.knowing("c", "b")).knownKeyTypes(WEB1))
                .containsExactly("c", "b", "a");
    }
}
