package io.github.hc5.utls.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.pool.HostLimit;
import io.github.hc5.utls.pool.HostLimits;
import java.net.ConnectException;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.junit.jupiter.api.Test;

/** Rates and retries by host pattern. */
class HostPatternLimitsTest {

    private static final HttpHost SHOP = new HttpHost("https", "Shop.Example.com", 443);
    private static final HttpHost OTHER = new HttpHost("https", "other.test", 443);

    private final FakeWaits time = new FakeWaits();

    private static HostLimits limits(HostLimit.Builder limit) {
        return HostLimits.of(Map.of(new HostPattern("*.example.com"), limit.build()));
    }

    private HostGuards guards() {
        return new HostGuards(
                BreakerSettings.defaults(),
                RateSettings.builder().perSecond(9).burst(3).maxInFlight(7).build(),
                time);
    }

    @Test
    void aRateOfAPatternHoldsForEachOfItsHostsAtOnce() {
        HostGuards guards = guards();
        assertThat(guards.of(SHOP).limits.perSecond()).isEqualTo(9);

        guards.setPatterns(limits(HostLimit.builder().rate(2.5)));

        assertThat(guards.of(SHOP).limits)
                .isEqualTo(RateSettings.builder()
                        .perSecond(2.5)
                        .burst(3)
                        .maxInFlight(7)
                        .build());
        assertThat(guards.of(OTHER).limits.perSecond()).isEqualTo(9);
        guards.setPatterns(limits(HostLimit.builder().rate(0).burst(5)));
        assertThat(guards.of(SHOP).rate).isNull();
    }

    @Test
    void whatIsSetForAHostAloneWins() {
        HostGuards guards = guards();
        guards.setPatterns(limits(HostLimit.builder().rate(2.5)));
        guards.setLimits(SHOP, RateSettings.builder().perSecond(1).build());

        assertThat(guards.of(SHOP).limits.perSecond()).isEqualTo(1);
    }

    @Test
    void theSameLimitsAgainLeaveBreakersAsTheyAre() {
        HostGuards guards = guards();
        guards.setPatterns(limits(HostLimit.builder().rate(2.5)));
        HostGuard before = guards.of(SHOP);
        guards.setPatterns(limits(HostLimit.builder().rate(2.5)));

        assertThat(guards.of(SHOP)).isSameAs(before);
    }

    private static int tries(UtlsRetryStrategy strategy, FakeWaits time, HttpHost host) {
        HttpClientContext context = HttpClientContext.create();
        context.setRoute(new HttpRoute(host));
        BasicHttpRequest request = new BasicHttpRequest("GET", host, "/");
        int n = 1;
        while (strategy.retryRequest(request, new ConnectException("x"), n, context)) {
            time.advanceMillis(1);
            n++;
        }
        return n;
    }

    @Test
    void theRetriesOfAPatternBoundThoseOfTheSettings() {
        UtlsRetryStrategy strategy =
                new UtlsRetryStrategy(RetrySettings.defaults(), time, route -> true, new RetryDelays(() -> 0.5));
        strategy.setHostLimits(limits(HostLimit.builder().retries(1)));
        assertThat(tries(strategy, time, SHOP)).isEqualTo(2);
        assertThat(tries(strategy, time, OTHER)).isEqualTo(3);

        strategy.setHostLimits(limits(HostLimit.builder().retries(0)));
        assertThat(tries(strategy, time, SHOP)).isEqualTo(1);
    }
}
