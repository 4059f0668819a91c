package io.jenkins.plugins.sshexec.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {

    @ParameterizedTest
    @CsvSource({"1, 250", "2, 500", "3, 1000", "4, 2000", "5, 4000", "6, 4000", "1000000, 4000"})
    void aPauseIsAtRandomBetweenHalfAndWholeOfWhatDoublesUpToALimit(int refusals, long wholeMillis) {
        BackOff backOff = new BackOff(new SplittableRandom(1));

        Set<Duration> pauses =
                IntStream.range(0, 1_000).mapToObj(i -> backOff.pause(refusals)).collect(Collectors.toSet());

        Duration whole = Duration.ofMillis(wholeMillis);
        assertThat(pauses).allSatisfy(pause -> assertThat(pause).isBetween(whole.dividedBy(2), whole));
        assertThat(pauses).as("different pauses").hasSizeGreaterThan(900);
    }

    @Test
    void theRandomNumbersAreTheGivenOnes() {
        RandomGenerator same = new SplittableRandom(7);
        RandomGenerator seed = new SplittableRandom(7);

        assertThat(new BackOff(same).pause(3)).isEqualTo(new BackOff(seed).pause(3));
    }
}
