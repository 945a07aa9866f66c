package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintPolicyTest {

    private static final BrowserProfile CHROME = BrowserProfiles.find("chrome");
    private static final BrowserProfile FIREFOX = BrowserProfiles.find("firefox");
    private static final BrowserProfile SAFARI = BrowserProfiles.find("safari");
    private static final ProfileShares EQUAL = ProfileShares.equal(List.of(CHROME, FIREFOX, SAFARI));

    @Test
    void aHostKeepsItsProfile() {
        FingerprintPolicy policy = FingerprintPolicy.perHost(EQUAL);
        Set<BrowserProfile> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            BrowserProfile first = policy.profileFor("host" + i + ".test", 443);
            assertThat(policy.profileFor("HOST" + i + ".test", 8443)).isSameAs(first);
            seen.add(first);
        }
        assertThat(seen).hasSize(3);
    }

    @Test
    void aSeedMakesItTheSameInEveryProcess() {
        FingerprintPolicy one = FingerprintPolicy.perHost(EQUAL, 5);
        FingerprintPolicy other = FingerprintPolicy.perHost(EQUAL, 5);
        for (int i = 0; i < 50; i++) {
            assertThat(one.profileFor("h" + i, 1)).isSameAs(other.profileFor("h" + i, 1));
        }
    }

    @Test
    void sharesFollowTheWeights() {
        ProfileShares shares = ProfileShares.weighted(Map.of(CHROME, 7.0, FIREFOX, 2.0, SAFARI, 1.0));
        FingerprintPolicy perHost = FingerprintPolicy.perHost(shares, 1);
        FingerprintPolicy perConnection = FingerprintPolicy.perConnection(shares, new Random(1));
        for (FingerprintPolicy policy : List.of(perHost, perConnection)) {
            Map<BrowserProfile, Integer> counts = new HashMap<>();
            for (int i = 0; i < 10_000; i++) {
                counts.merge(policy.profileFor("h" + i + ".test", 443), 1, Integer::sum);
            }
            assertThat(counts.get(CHROME)).isBetween(6_700, 7_300);
            assertThat(counts.get(FIREFOX)).isBetween(1_800, 2_200);
            assertThat(counts.get(SAFARI)).isBetween(850, 1_150);
        }
    }

    @Test
    void aKeyHasOneProfileOnAllHosts() {
        BrowserProfile first = FingerprintPolicy.forKey(EQUAL, "jar-1").profileFor("a.test", 443);
        FingerprintPolicy again = FingerprintPolicy.forKey(EQUAL, "jar-1");
        for (int i = 0; i < 50; i++) {
            assertThat(again.profileFor("h" + i, 1)).isSameAs(first);
        }
        assertThat(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
                .extracting(i -> FingerprintPolicy.forKey(EQUAL, "jar-" + i).profileFor("a.test", 1))
                .contains(CHROME, FIREFOX, SAFARI);
    }

    @Test
    void keysOfOnePolicyHaveTheProfileTheyHaveAlone() {
        FingerprintPolicy policy = FingerprintPolicy.perKey(EQUAL, FingerprintPolicy.fixed(FIREFOX));
        UtlsSslContext tls = UtlsSslContext.builder().fingerprintPolicy(policy).build();
        for (int i = 0; i < 20; i++) {
            String key = "jar-" + i;
            String expected = FingerprintPolicy.forKey(EQUAL, key)
                    .profileFor("a.test", 443)
                    .name();
            assertThat(policy.profileFor("b.test", 443, key).name()).isEqualTo(expected);
            assertThat(tls.forKey(key)
                            .createSSLEngine("c.test", 443)
                            .getSession()
                            .getValue(HotConnectionManager.PROFILE))
                    .isEqualTo(expected);
        }
        assertThat(policy.profileFor("a.test", 443, null)).isSameAs(FIREFOX);
        assertThat(policy.profileFor("a.test", 443)).isSameAs(FIREFOX);
        assertThat(FingerprintPolicy.fixed(CHROME).profileFor("a.test", 443, "jar"))
                .as("a policy that knows no keys")
                .isSameAs(CHROME);
    }

    @Test
    void theSessionOfAConnectionNamesWhatWasChosen() {
        FingerprintPolicy policy = FingerprintPolicy.perHost(EQUAL, 3);
        UtlsSslContext tls = UtlsSslContext.builder().fingerprintPolicy(policy).build();
        for (int i = 0; i < 10; i++) {
            String host = "h" + i + ".test";
            assertThat(tls.createSSLEngine(host, 443).getSession().getValue(HotConnectionManager.PROFILE))
                    .isEqualTo(policy.profileFor(host, 443).name());
        }
    }

    @Test
    void theRealWorldIsMostlyChrome() {
        assertThat(ProfileShares.realWorld().profiles()).contains(CHROME, FIREFOX, SAFARI);
    }

    @Test
    void badWeightsAreRefused() {
        assertThatThrownBy(() -> ProfileShares.equal(List.of())).isInstanceOf(IllegalArgumentException.class);
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> ProfileShares.weighted(Map.of(CHROME, bad)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(CHROME.name());
        }
    }
}
