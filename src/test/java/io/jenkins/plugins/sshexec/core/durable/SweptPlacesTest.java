package io.jenkins.plugins.sshexec.core.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.sshexec.core.durable.SweptPlaces.Place;
import io.jenkins.plugins.sshexec.core.model.Endpoint;
import io.jenkins.plugins.sshexec.core.model.LoginFingerprint;
import io.jenkins.plugins.sshexec.core.model.SessionKey;
import io.jenkins.plugins.sshexec.core.model.SessionSpec;
import io.jenkins.plugins.sshexec.testing.EmbeddedSshServer;
import io.jenkins.plugins.sshexec.testing.ManualClock;
import io.jenkins.plugins.sshexec.testing.Policies;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweptPlacesTest {

    private static final LoginFingerprint.Maker FINGERPRINTS = new LoginFingerprint.Maker();
    private static final SessionKey WEB = login("web1");
    private static final Place HOME = new Place(WEB, Optional.empty());
    private static final Place TMP = new Place(WEB, Optional.of("/var/tmp"));

    private final ManualClock clock = new ManualClock();
    private final SweptPlaces places = new SweptPlaces(clock);

    private static SessionKey login(String host) {
        return SessionSpec.of(new Endpoint(host, 22), EmbeddedSshServer.login(), Policies.acceptAny(), FINGERPRINTS)
                .key();
    }

    @Test
    void whereALaunchHasSweptNothingIsDueForADay() {
        places.ended(HOME, true);
        clock.advance(SweptPlaces.PERIOD.minusSeconds(1));
        assertThat(places.due(WEB)).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(places.due(WEB)).containsExactly(HOME);
    }

    @Test
    void whereACommandOfAnEarlierRunHasEndedItIsDueAtOnceAndOnce() {
        places.ended(HOME, false);
        assertThat(places.due(WEB)).containsExactly(HOME);
        places.ended(HOME, false);
        assertThat(places.due(WEB)).isEmpty();
    }

    @Test
    void directoriesAreApartAndSoAreLogins() {
        places.ended(HOME, true);
        clock.advance(SweptPlaces.PERIOD);
        places.ended(TMP, true);
        assertThat(places.due(login("web2"))).isEmpty();
        assertThat(places.due(WEB)).containsExactly(HOME);
    }

    @Test
    void thousandsOfPlacesAreNotRemembered() {
        for (int i = 0; i < 3_000; i++) {
            places.ended(new Place(WEB, Optional.of("/srv/" + i)), false);
        }
        assertThat(places.due(WEB)).hasSize(1_000).contains(new Place(WEB, Optional.of("/srv/2999")));
    }
}
