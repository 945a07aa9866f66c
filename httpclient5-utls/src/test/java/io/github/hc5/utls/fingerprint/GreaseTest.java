package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GreaseTest {

    private static final List<Integer> VALUES = List.of(
            0x0A0A, 0x1A1A, 0x2A2A, 0x3A3A, 0x4A4A, 0x5A5A, 0x6A6A, 0x7A7A, 0x8A8A, 0x9A9A, 0xAAAA, 0xBABA, 0xCACA,
            0xDADA, 0xEAEA, 0xFAFA);

    @Test
    void knowsExactlyTheSixteenValues() {
        assertThat(IntStream.rangeClosed(0, 0xFFFF).filter(Grease::isGrease).boxed())
                .containsExactlyElementsOf(VALUES);
    }

    @Test
    void drawsEveryValue() {
        SplittableRandom random = new SplittableRandom(1);
        Set<Integer> drawn =
                IntStream.range(0, 1000).mapToObj(i -> Grease.draw(random)).collect(Collectors.toSet());

        assertThat(drawn).containsExactlyInAnyOrderElementsOf(VALUES);
    }

    @Test
    void drawsEveryOtherValueButTheTakenOne() {
        SplittableRandom random = new SplittableRandom(2);
        for (int taken : VALUES) {
            Set<Integer> drawn = IntStream.range(0, 1000)
                    .mapToObj(i -> Grease.drawOther(random, taken))
                    .collect(Collectors.toSet());

            assertThat(drawn).hasSize(15).doesNotContain(taken).isSubsetOf(VALUES);
        }
    }
}
