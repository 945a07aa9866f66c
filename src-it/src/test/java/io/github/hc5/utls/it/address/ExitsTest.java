package io.github.hc5.utls.it.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.address.SourceAddresses;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.Exits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.RotatingRoutePlanner;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
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
}
