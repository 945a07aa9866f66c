package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.BanRule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyWatchTest {

    private final List<String> shown = new ArrayList<>();

    private BodyWatch watch(int bytes) {
        return new BodyWatch(
                new BanRule.BodyCondition(bytes, (status, beginning) -> {
                    String text = StandardCharsets.US_ASCII.decode(beginning).toString();
                    shown.add(status + " " + text);
                    return text.contains("denied");
                }),
                200);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void seesSoMuchInPiecesOfAnySizeAndLeavesThemAlone(int piece) {
        String body = "access denied".repeat(400);
        BodyWatch watch = watch(3000);
        int bans = 0;
        for (int at = 0; at < body.length(); at += piece) {
            ByteBuffer part = text(body.substring(at, Math.min(body.length(), at + piece)));
            int before = part.remaining();
            bans += watch.passes(part) ? 1 : 0;
            assertThat(part.remaining()).isEqualTo(before);
        }
        assertThat(watch.ends()).as("it has been told").isFalse();
        assertThat(bans).isEqualTo(1);
        assertThat(shown).containsExactly("200 " + body.substring(0, 3000));
    }

    @Test
    void aShortBodyIsTestedAtItsEnd() {
        BodyWatch watch = watch(3000);
        assertThat(watch.passes(text("access denied"))).isFalse();
        assertThat(watch.ends()).isTrue();
        assertThat(watch.ends()).isFalse();
    }

    @Test
    void whatComesAfterIsNotLookedAt() {
        BodyWatch watch = watch(4);
        assertThat(watch.passes(text("good denied"))).isFalse();
        assertThat(watch.passes(text("denied"))).isFalse();
        assertThat(watch.ends()).isFalse();
        assertThat(shown).containsExactly("200 good");
    }

    @Test
    void aTestThatFailsBansNothing() {
        BodyWatch watch = new BodyWatch(
                new BanRule.BodyCondition(4, (status, beginning) -> {
                    throw new IllegalStateException("broken");
                }),
                200);
        assertThat(watch.passes(text("good"))).isFalse();
    }

    @Test
    void theBytesAreBounded() {
        assertThatThrownBy(() -> BanRule.ofBody("*", 0, (status, beginning) -> true, 200))
                .hasMessage("bytes is 0, must be from 1 to 65536");
        assertThatThrownBy(() -> BanRule.ofBody("*", 65_537, (status, beginning) -> true, 200))
                .hasMessageContaining("65537");
    }
}
