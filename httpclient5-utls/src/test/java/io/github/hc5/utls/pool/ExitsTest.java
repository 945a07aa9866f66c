package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.address.StickyKey;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.health.Outcome;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectLocations;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExitsTest {

    private static final HttpHost TARGET = new HttpHost("https", "host.example");
    private static final List<InetAddress> SOURCES = FakeNet.loopback(1, 2, 3, 4);

    private final FakeTime time = new FakeTime();

    private Exits exits(RotationPolicy policy, boolean proxies) {
        List<Exits.Exit> exits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            exits.add(
                    proxies
                            ? new Exits.Exit(null, new HttpHost("proxy" + i, 3128), 1 + i)
                            : new Exits.Exit(SOURCES.get(i), null, 1));
        }
        return new Exits(exits, policy, BanSettings.defaults(), HealthSettings.defaults(), time);
    }

    private static HttpRoute plan(RotatingRoutePlanner planner) throws Exception {
        return planner.determineRoute(TARGET, HttpClientContext.create());
    }

    @Test
    void sourceAddressesTakeTurnsAndMakeRoutesOfTheirOwn() throws Exception {
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits(RotationPolicy.ROUND_ROBIN, false));
        List<InetAddress> used = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            HttpRoute route = plan(planner);
            used.add(route.getLocalAddress());
            assertThat(route.isSecure()).isTrue();
            assertThat(route.getTargetHost()).isEqualTo(new HttpHost("https", "host.example", 443));
        }
        assertThat(used.subList(0, 4)).containsExactlyInAnyOrderElementsOf(SOURCES);
        assertThat(used.subList(4, 8)).containsExactlyInAnyOrderElementsOf(SOURCES);
    }

    @Test
    void proxiesAreTunnelledThroughByWeight() throws Exception {
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits(RotationPolicy.WEIGHTED, true));
        int[] used = new int[4];
        for (int i = 0; i < 1000; i++) {
            HttpRoute route = plan(planner);
            assertThat(route.isTunnelled()).isTrue();
            used[route.getProxyHost().getHostName().charAt(5) - '0']++;
        }
        assertThat(used).containsExactly(100, 200, 300, 400);
    }

    @Test
    void theProxyOfARequestIsLeftAlone() throws Exception {
        HttpClientContext context = HttpClientContext.create();
        @SuppressWarnings("deprecation")
        RequestConfig config =
                RequestConfig.custom().setProxy(new HttpHost("own", 3128)).build();
        context.setRequestConfig(config);
        HttpRoute route =
                new RotatingRoutePlanner(exits(RotationPolicy.ROUND_ROBIN, true)).determineRoute(TARGET, context);
        assertThat(route.getProxyHost().getHostName()).isEqualTo("own");
    }

    @Test
    void redirectsKeepTheExitAndOtherRequestsDoNot() throws Exception {
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits(RotationPolicy.ROUND_ROBIN, false));
        HttpClientContext context = HttpClientContext.create();
        InetAddress first = planner.determineRoute(TARGET, context).getLocalAddress();
        InetAddress second = planner.determineRoute(TARGET, context).getLocalAddress();
        RedirectLocations locations = new RedirectLocations();
        locations.add(URI.create("https://host.example/moved"));
        context.setRedirectLocations(locations);
        InetAddress third = planner.determineRoute(TARGET, context).getLocalAddress();

        assertThat(second).isNotEqualTo(first);
        assertThat(third).isEqualTo(second);
    }

    @Test
    void aKeySticksToItsExit() throws Exception {
        Exits exits = exits(RotationPolicy.STICKY, true);
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits);
        HttpClientContext context = HttpClientContext.create();
        context.setUserToken(StickyKey.of("customer"));
        HttpHost first = planner.determineRoute(TARGET, context).getProxyHost();
        for (int i = 0; i < 10; i++) {
            assertThat(planner.determineRoute(TARGET, context).getProxyHost()).isEqualTo(first);
        }
    }

    @Test
    void aBannedExitIsNotUsedForThatHostAlone() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, false);
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits);
        HttpRoute banned = plan(planner);
        exits.ended(banned, Outcome.BANNED_STATUS, 0);
        for (int i = 0; i < 12; i++) {
            assertThat(plan(planner).getLocalAddress()).isNotEqualTo(banned.getLocalAddress());
        }
        assertThat(exits.next("other.example", null).source()).isEqualTo(banned.getLocalAddress());
        time.advance(Duration.ofMinutes(5).toNanos());
        assertThat(exits.next("host.example", null).source()).isIn(SOURCES);
    }

    @Test
    void whenAllAreBannedTheyAreUsedAllTheSame() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, false);
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits);
        for (int i = 0; i < 4; i++) {
            exits.ended(plan(planner), Outcome.BANNED_STATUS, 0);
        }
        assertThat(plan(planner).getLocalAddress()).isIn(SOURCES);
    }

    @Test
    void aProxyThatCannotBeReachedIsEjectedAndComesBack() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, true);
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits);
        HttpRoute dead = plan(planner);
        exits.connectFailed(dead, Outcome.REFUSED, new ConnectException("refused"));
        assertThat(exits.usable()).hasSize(3);
        for (int i = 0; i < 9; i++) {
            assertThat(plan(planner).getProxyHost()).isNotEqualTo(dead.getProxyHost());
        }
        time.advance(Duration.ofSeconds(30).toNanos() - 1);
        exits.next("host.example", null);
        assertThat(exits.usable()).hasSize(3);
        time.advance(1);
        exits.next("host.example", null);
        assertThat(exits.usable()).hasSize(4);
    }

    @Test
    void anEjectedExitComesBackByAProbeWhereThereIsAPool() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, true);
        List<HttpRoute> probed = new ArrayList<>();
        List<Consumer<@Nullable Exception>> outcomes = new ArrayList<>();
        exits.setProber((route, outcome) -> {
            probed.add(route);
            return outcomes.add(outcome);
        });
        HttpRoute dead = plan(new RotatingRoutePlanner(exits));
        exits.connectFailed(dead, Outcome.REFUSED, new ConnectException("refused"));

        time.advance(Duration.ofSeconds(30).toNanos());
        exits.next("host.example", null);
        exits.next("host.example", null);
        assertThat(probed).containsExactly(dead);
        assertThat(exits.usable()).as("time alone does not bring it back").hasSize(3);

        outcomes.get(0).accept(new ConnectException("refused"));
        time.advance(Duration.ofSeconds(60).toNanos() - 1);
        exits.next("host.example", null);
        assertThat(probed).as("out for twice as long").hasSize(1);
        time.advance(1);
        exits.next("host.example", null);
        assertThat(probed).hasSize(2);

        outcomes.get(1).accept(new LimitReachedException("no room"));
        assertThat(exits.usable()).hasSize(3);
        time.advance(Duration.ofSeconds(1).toNanos());
        exits.next("host.example", null);
        outcomes.get(2).accept(null);
        assertThat(exits.usable()).hasSize(4);
    }

    @Test
    void aProbeThatFailsByItsTargetDoesNotKeepASourceAddressOut() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, false);
        List<Consumer<@Nullable Exception>> outcomes = new ArrayList<>();
        exits.setProber((route, outcome) -> outcomes.add(outcome));
        HttpRoute unbound = plan(new RotatingRoutePlanner(exits));
        exits.connectFailed(unbound, Outcome.REFUSED, new BindException("Cannot assign requested address"));
        int left = exits.usable().size();

        time.advance(Duration.ofSeconds(30).toNanos());
        exits.next("host.example", null);
        outcomes.get(0).accept(new ConnectException("refused"));
        assertThat(exits.usable()).hasSize(left + 1);
    }

    @Test
    void withoutAPoolToProbeByTimeAloneBringsAnExitBack() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, true);
        exits.setProber((route, outcome) -> false);
        exits.connectFailed(plan(new RotatingRoutePlanner(exits)), Outcome.REFUSED, new ConnectException("refused"));
        time.advance(Duration.ofSeconds(30).toNanos());
        exits.next("host.example", null);
        assertThat(exits.usable()).hasSize(4);
    }

    @Test
    void aSourceAddressIsNotBlamedForATargetThatIsDownButForNotBeingBound() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, false);
        RotatingRoutePlanner planner = new RotatingRoutePlanner(exits);
        HttpRoute route = plan(planner);
        exits.connectFailed(route, Outcome.REFUSED, new ConnectException("refused"));
        assertThat(exits.usable()).hasSize(4);
        exits.connectFailed(route, Outcome.REFUSED, new BindException("Cannot assign requested address"));
        assertThat(exits.usable()).hasSize(3);
    }

    @Test
    void fiveFailuresInARowEjectAnExit() throws Exception {
        Exits exits = exits(RotationPolicy.ROUND_ROBIN, false);
        HttpRoute route = plan(new RotatingRoutePlanner(exits));
        for (int i = 0; i < 4; i++) {
            exits.ended(route, Outcomes.of(new IOException("reset")), 0);
        }
        assertThat(exits.usable()).hasSize(4);
        exits.ended(route, Outcome.RESET, 0);
        assertThat(exits.usable()).hasSize(3);
    }

    @Test
    void anExitIsASourceOrAProxy() {
        assertThatThrownBy(() -> new Exits.Exit(null, null, 1)).hasMessageContaining("a source address or a proxy");
        assertThatThrownBy(() -> new Exits.Exit(SOURCES.get(0), null, 0)).hasMessageContaining("from 1 to 1000");
    }
}
