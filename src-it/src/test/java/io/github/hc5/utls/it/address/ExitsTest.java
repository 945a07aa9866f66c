package io.github.hc5.utls.it.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.address.SourceAddresses;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.Exits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolListener;
import io.github.hc5.utls.pool.RotatingRoutePlanner;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;

/** Requests that leave by several source addresses of this machine. */
class ExitsTest {

    @Test
    void sourceAddressesShareTheRequestsAndNoConnection() throws Exception {
        List<InetAddress> sources = ManyAddresses.addresses(101, 4);
        List<InetAddress> targets = ManyAddresses.addresses(111, 2);
        Exits exits = Exits.of(SourceAddresses.of(sources), RotationPolicy.ROUND_ROBIN);
        try (ManyAddresses host = new ManyAddresses(HttpVersionPolicy.NEGOTIATE).listen(targets);
                HotConnectionManager manager =
                        Load.manager(new Names(targets)).setExits(exits).build();
                CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .setRoutePlanner(new RotatingRoutePlanner(exits))
                        .build()) {
            client.start();
            assertThat(Load.run(client, host.uri(), 400, 4)).containsOnlyKeys(200);

            assertThat(sources)
                    .allSatisfy(source -> assertThat(host.requestsFrom(source)).isCloseTo(100, within(4)));
            assertThat(manager.snapshot().routes()).hasSize(4);
            for (RouteSnapshot route : manager.snapshot().routes()) {
                for (ConnectionSnapshot connection : route.connections()) {
                    assertThat(connection.local())
                            .isInstanceOfSatisfying(
                                    InetSocketAddress.class,
                                    local -> assertThat(local.getAddress())
                                            .isEqualTo(route.route().getLocalAddress()));
                }
            }
        }
    }

    @Test
    void proxiesShareTheRequestsAndOneThatIsDownIsAvoidedUntilAProbeGetsThrough() throws Exception {
        List<InetAddress> target = ManyAddresses.addresses(121, 1);
        AtomicInteger failedOpenings = new AtomicInteger();
        try (ManyAddresses host = new ManyAddresses(HttpVersionPolicy.NEGOTIATE).listen(target);
                ConnectProxy one = new ConnectProxy(ManyAddresses.address(131), host.at(target.get(0)));
                ConnectProxy two = new ConnectProxy(ManyAddresses.address(132), host.at(target.get(0)))) {
            Exits exits = Exits.of(
                    List.of(new Exits.Exit(null, one.host(), 1), new Exits.Exit(null, two.host(), 1)),
                    RotationPolicy.ROUND_ROBIN,
                    BanSettings.defaults(),
                    HealthSettings.builder()
                            .ejectionTime(Duration.ofMillis(50))
                            .maxEjectionTime(Duration.ofMillis(100))
                            .build());
            try (HotConnectionManager manager = Load.manager(new Names(target))
                            .setExits(exits)
                            .setPoolListener(new PoolListener() {
                                @Override
                                public void openFailed(HttpRoute route, Exception cause) {
                                    failedOpenings.incrementAndGet();
                                }
                            })
                            .build();
                    CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                            .setConnectionManager(manager)
                            .setRoutePlanner(new RotatingRoutePlanner(exits))
                            .build()) {
                client.start();
                assertThat(Load.run(client, host.uri(), 100, 4)).containsOnlyKeys(200);
                assertThat(one.tunnels()).isPositive();
                assertThat(two.tunnels()).isPositive();
                assertThat(host.requests(target.get(0))).isEqualTo(100);
                assertThat(manager.snapshot().routes())
                        .extracting(route -> route.route().getProxyHost())
                        .containsExactlyInAnyOrder(one.host(), two.host());
                for (RouteSnapshot route : manager.snapshot().routes()) {
                    assertThat(route.connections())
                            .isNotEmpty()
                            .allSatisfy(connection -> assertThat(connection.remote())
                                    .isInstanceOfSatisfying(
                                            InetSocketAddress.class,
                                            remote -> assertThat(remote.getPort())
                                                    .isEqualTo(route.route()
                                                            .getProxyHost()
                                                            .getPort())));
                }

                two.down();
                int before = two.tunnels();
                Await.until("it is out", () -> {
                    run(client, host, 2);
                    return failedOpenings.get() > 0;
                });
                Await.until("it has been tried three times more", () -> {
                    assertThat(run(client, host, 10))
                            .as("meanwhile nobody meets it")
                            .containsOnlyKeys(200);
                    return failedOpenings.get() >= 4;
                });
                assertThat(two.tunnels()).isEqualTo(before);

                two.up();
                Await.until("it is in use again", () -> {
                    assertThat(run(client, host, 10)).containsOnlyKeys(200);
                    return two.tunnels() > before && exits.usable().size() == 2;
                });
            }
        }
    }

    private static Map<Object, AtomicInteger> run(CloseableHttpAsyncClient client, ManyAddresses host, int count) {
        try {
            return Load.run(client, host.uri(), count, 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
