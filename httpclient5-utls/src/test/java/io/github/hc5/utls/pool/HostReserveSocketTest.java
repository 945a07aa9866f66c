package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;

/** Limits and reserves by host pattern on real sockets, changed while requests are under way. */
class HostReserveSocketTest {

    private static final int TOTAL = 8;

    /** Every name is this machine. */
    private static final DnsResolver DNS = new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    };

    private static HostLimits limits(HostLimit.Builder vip) {
        return HostLimits.of(Map.of(new HostPattern("*.vip.test"), vip.build()));
    }

    private static List<Future<SimpleHttpResponse>> get(CloseableHttpAsyncClient client, String uri, int times) {
        List<Future<SimpleHttpResponse>> futures = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            futures.add(client.execute(SimpleHttpRequest.create("GET", uri), null));
        }
        return futures;
    }

    private static void allAnswered(List<Future<SimpleHttpResponse>> futures) throws Exception {
        for (Future<SimpleHttpResponse> future : futures) {
            assertThat(future.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(200);
        }
    }

    @Test
    void aFloodOfOneHostLeavesAnotherItsReserve() throws Exception {
        try (LoopbackServer crowd = new LoopbackServer(HttpVersionPolicy.FORCE_HTTP_1, false, 100);
                LoopbackServer vip = new LoopbackServer(HttpVersionPolicy.FORCE_HTTP_1, false, 100);
                HotConnectionManager manager = HotConnectionManagerBuilder.create()
                        .setIOEventHandlerFactory(
                                UtlsEventHandlerFactory.builder().build())
                        .setTlsStrategy(crowd.clientTls())
                        .setDnsResolver(DNS)
                        .setPoolSettings(PoolSettings.builder()
                                .maxTotal(TOTAL)
                                .maxPerRoute(TOTAL)
                                .build())
                        .setHostLimits(limits(HostLimit.builder().reserve(2).connections(3)))
                        .build();
                CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .disableAutomaticRetries()
                        .build()) {
            client.start();
            String crowdUri = "http://crowd.test:" + crowd.port() + "/hold";
            String vipUri = "http://a.vip.test:" + vip.port();
            List<Future<SimpleHttpResponse>> flood = get(client, crowdUri, 50);
            Await.until("the flood has all it can get", () -> crowd.holding() == TOTAL - 2);

            allAnswered(get(client, vipUri + "/", 20));
            assertThat(vip.mostOpen()).isLessThanOrEqualTo(2);
            assertThat(crowd.openNow()).isEqualTo(TOTAL - 2);
            assertThat(crowd.holding())
                    .as("not one of the flood has been answered")
                    .isEqualTo(TOTAL - 2);

            // the reserve grows under load: the flood gives way as its requests end
            manager.setHostLimits(limits(HostLimit.builder().reserve(3).connections(3)));
            List<Future<SimpleHttpResponse>> held = get(client, vipUri + "/hold", 5);
            Await.until("what was reserved before is used", () -> vip.holding() == 2);
            crowd.letGo();
            Await.until("one of the flood's connections is the other's now", () -> vip.holding() == 3);
            Await.until("the flood goes on with fewer", () -> crowd.holding() == TOTAL - 3);
            assertThat(crowd.openNow()).isEqualTo(TOTAL - 3);

            // the reserve is given up, and its limit raised: who waits gets in at once
            manager.setHostLimits(limits(HostLimit.builder().connections(5)));
            crowd.stop();
            Await.until("the limit of the pattern is the new one", () -> vip.holding() == 5);
            vip.letGo();
            allAnswered(held);
            flood.forEach(f -> f.cancel(true));
        }
    }
}
