package io.github.hc5.utls.it.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.Prewarm;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests spread over the addresses of one host. */
class RotationTest {

    private static final int REQUESTS = 8000;
    private static final List<InetAddress> EIGHT = ManyAddresses.addresses(1, 8);

    private static void assertShares(ManyAddresses host) {
        for (InetAddress address : EIGHT) {
            assertThat(host.requests(address))
                    .as("requests to %s", address)
                    .isCloseTo(REQUESTS / 8, within(REQUESTS / 160));
        }
    }

    @ParameterizedTest(name = "{0}, {1} at a time")
    @CsvSource({"NEGOTIATE, 1", "NEGOTIATE, 64", "FORCE_HTTP_1, 4", "FORCE_HTTP_1, 16"})
    void eachOfEightAddressesGetsItsShareFromAColdStart(HttpVersionPolicy policy, int atATime) throws Exception {
        try (ManyAddresses host = new ManyAddresses(policy).listen(EIGHT);
                HotConnectionManager manager = Load.manager(new Names(EIGHT)).build();
                CloseableHttpAsyncClient client = Load.client(manager)) {
            assertThat(Load.run(client, host.uri(), REQUESTS, atATime)).containsOnlyKeys(200);
            assertShares(host);
        }
    }

    @Test
    void prewarmingSpreadsOverTheAddresses() throws Exception {
        try (ManyAddresses host = new ManyAddresses(HttpVersionPolicy.NEGOTIATE).listen(EIGHT);
                HotConnectionManager manager = Load.manager(new Names(EIGHT)).build()) {
            HttpRoute route = route(host);
            assertThat(manager.prewarm(Prewarm.of(route, 8).withValidation(true))
                            .result()
                            .get(30, TimeUnit.SECONDS)
                            .isComplete())
                    .isTrue();
            assertThat(manager.addresses().of(route))
                    .hasSize(8)
                    .allSatisfy(a -> assertThat(a.connections()).isEqualTo(1));
        }
    }

    @Test
    void changesOfDnsUnderLoadFailNoRequest() throws Exception {
        List<InetAddress> before = ManyAddresses.addresses(21, 4);
        List<InetAddress> after = new ArrayList<>(before.subList(2, 4));
        after.addAll(ManyAddresses.addresses(25, 3));
        Names names = new Names(before);
        try (ManyAddresses host =
                        new ManyAddresses(HttpVersionPolicy.NEGOTIATE).listen(ManyAddresses.addresses(21, 7));
                HotConnectionManager manager = Load.manager(names)
                        .setAddressSettings(AddressSettings.builder()
                                .dnsInterval(Duration.ofMillis(300))
                                .build())
                        .build();
                CloseableHttpAsyncClient client = Load.client(manager)) {
            Load load = Load.start(client, host.uri(), 20_000, 16);
            Await.until("all four are in use", () -> before.stream().allMatch(a -> host.requests(a) > 100));
            names.become(after);
            Await.until(
                    "the new ones are in use",
                    () -> after.stream().allMatch(a -> host.requests(a) > 100) || load.answered() == 20_000);
            int gone = host.requests(before.get(0));
            assertThat(load.await()).containsOnlyKeys(200);
            assertThat(host.requests(before.get(0)))
                    .as("requests to one that is gone")
                    .isLessThan(gone + 50);
            assertThat(manager.addresses().of(route(host)))
                    .extracting(a -> a.address().getAddress())
                    .containsExactlyElementsOf(after);
            int share = host.requests(after.get(2));
            assertThat(host.requests(after.get(3))).isCloseTo(share, within(share / 5));
        }
    }

    private static HttpRoute route(ManyAddresses host) {
        HttpHost target = new HttpHost("https", CertificateAuthority.SERVER_NAME, host.port());
        return new HttpRoute(target, (InetAddress) null, true);
    }
}
