package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.ExtensionSpec.KeyShares;
import io.github.hc5.utls.fingerprint.Grease;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeySharePoolTest {

    private static final int HYBRID = 4588;
    private static final int X25519 = 29;
    private static final int MLKEM768_KEY = 1184;

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final SecureRandom random = new SecureRandom();
    private final KeySharePool pool = new KeySharePool(random, background::add);

    @Test
    void anEmptyStockIsFilledInTheBackground() throws Exception {
        KeyShares spec = new KeyShares(List.of(X25519), false);
        pool.prepare(spec);
        assertThat(pool.ready(spec)).isZero();
        background.remove().run();
        assertThat(pool.ready(spec)).isEqualTo(KeySharePool.CAPACITY);
        pool.take(spec);
        assertThat(pool.ready(spec)).isEqualTo(KeySharePool.CAPACITY - 1);
        background.remove().run();
        assertThat(pool.ready(spec)).isEqualTo(KeySharePool.CAPACITY);
    }

    @Test
    void whoOutrunsTheStockMakesItsOwn() throws Exception {
        KeyShares spec = new KeyShares(List.of(X25519), false);
        assertThat(pool.take(spec).shares()).hasSize(1);
        assertThat(pool.take(spec).shares()).hasSize(1);
        assertThat(background).as("one refill at a time").hasSize(1);
    }

    @Test
    void noKeyIsHandedOutTwice() throws Exception {
        KeyShares spec = new KeyShares(List.of(X25519), false);
        pool.prepare(spec);
        background.remove().run();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 2 * KeySharePool.CAPACITY; i++) {
            KeyShareSet set = pool.take(spec);
            keys.add(Arrays.toString(set.shares().get(0).publicKey()));
            keys.add(Arrays.toString(set.decoyKey()));
        }
        assertThat(keys).hasSize(4 * KeySharePool.CAPACITY);
    }

    @Test
    void firefoxUsesOneX25519KeyTwiceAndChromiumDoesNot() throws Exception {
        assertThat(x25519Of(new KeyShares(List.of(HYBRID, X25519), true))).hasSize(1);
        assertThat(x25519Of(new KeyShares(List.of(Grease.PLACEHOLDER, HYBRID, X25519), false)))
                .hasSize(2);
    }

    @Test
    void greaseHasNoKey() throws Exception {
        KeyShareSet set = pool.take(new KeyShares(List.of(Grease.PLACEHOLDER, X25519), false));
        assertThat(set.shares()).extracting(HelloDraw.Share::group).containsExactly(X25519);
        assertThat(set.agreements()).containsOnlyKeys(X25519);
    }

    private Set<String> x25519Of(KeyShares spec) throws Exception {
        KeyShareSet set = pool.take(spec);
        byte[] hybrid = set.shares().get(0).publicKey();
        return new HashSet<>(Arrays.asList(
                Arrays.toString(Arrays.copyOfRange(hybrid, MLKEM768_KEY, hybrid.length)),
                Arrays.toString(set.shares().get(1).publicKey())));
    }
}
