package io.github.hc5.utls.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UtlsMetricsTest {

    private static final MetricsSettings LIVE =
            MetricsSettings.builder().refresh(Duration.ZERO).build();

    private static double gauge(MeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private static double counter(MeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    private static Set<String> values(MeterRegistry registry, String name, String tag) {
        return registry.find(name).meters().stream()
                .map(m -> Objects.requireNonNull(m.getId().getTag(tag)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void countsWhatHappened() throws Exception {
        try (PlainServer server = new PlainServer()) {
            MeterRegistry registry = new SimpleMeterRegistry();
            AtomicLong clock = new AtomicLong();
            new UtlsMetrics(server.manager, MetricsSettings.defaults(), clock::get).bindTo(registry);
            for (int i = 0; i < 5; i++) {
                assertThat(server.get("a.example", "/")).isEqualTo(200);
            }
            assertThat(server.get("a.example", "/status/503")).isEqualTo(503);
            clock.addAndGet(Duration.ofSeconds(1).toNanos());

            String host = "a.example:" + server.port();
            assertThat(counter(registry, "utls.pool.requests", "host", host, "outcome", "ok"))
                    .isEqualTo(5);
            assertThat(counter(registry, "utls.pool.requests", "host", host, "outcome", "server_error"))
                    .isEqualTo(1);
            assertThat(registry.get("utls.pool.response")
                            .tags("host", host, "outcome", "ok")
                            .timer()
                            .count())
                    .isEqualTo(5);
            // a caller may ask again before its last connection is back
            double opened = registry.get("utls.pool.connect")
                    .tag("host", host)
                    .functionTimer()
                    .count();
            assertThat(opened).isBetween(1.0, 6.0);
            assertThat(counter(registry, "utls.pool.requests.reused", "host", host))
                    .isEqualTo(6 - opened);
            assertThat(gauge(registry, "utls.pool.connections", "host", host, "state", "idle")
                            + gauge(registry, "utls.pool.connections", "host", host, "state", "active"))
                    .isEqualTo(opened);
            assertThat(gauge(registry, "utls.pool.connections.healthy", "host", host))
                    .isEqualTo(opened);
            assertThat(counter(registry, "utls.pool.traffic", "host", host, "direction", "sent"))
                    .isGreaterThan(6 * 30);
            assertThat(counter(registry, "utls.pool.traffic", "host", host, "direction", "received"))
                    .isGreaterThan(6 * 30);
            assertThat(gauge(registry, "utls.pool.success.ratio")).isEqualTo(5 / 6.0);
            assertThat(gauge(registry, "utls.pool.reuse.ratio")).isEqualTo((6 - opened) / 6);
            assertThat(gauge(registry, "utls.pool.response.time", "phi", "0.99"))
                    .isPositive();
            assertThat(gauge(registry, "httpcomponents.httpclient.pool.total.connections", "state", "available"))
                    .isEqualTo(gauge(registry, "utls.pool.connections", "host", host, "state", "idle"));
            assertThat(gauge(registry, "httpcomponents.httpclient.pool.total.max"))
                    .isEqualTo(server.manager.getMaxTotal());
        }
    }

    @Test
    void hostsBeyondTheLimitAreOther() throws Exception {
        try (PlainServer server = new PlainServer()) {
            MeterRegistry registry = new SimpleMeterRegistry();
            String named = "named.example:" + server.port();
            MetricsSettings settings =
                    LIVE.toBuilder().maxHosts(2).hosts(List.of(named)).build();
            new UtlsMetrics(server.manager, settings).bindTo(registry);
            for (String host : List.of("a.example", "b.example", "c.example", "d.example", "named.example")) {
                server.get(host, "/");
            }

            Set<String> expected = Set.of("a.example:" + server.port(), "b.example:" + server.port(), named, "other");
            assertThat(values(registry, "utls.pool.requests", "host")).isEqualTo(expected);
            assertThat(values(registry, "utls.pool.response", "host")).isEqualTo(expected);
            assertThat(counter(registry, "utls.pool.requests", "host", "other", "outcome", "ok"))
                    .isEqualTo(2);
        }
    }

    @Test
    void oneScrapeTakesOnePicture() throws Exception {
        try (PlainServer server = new PlainServer()) {
            AtomicLong clock = new AtomicLong();
            MeterRegistry registry = new SimpleMeterRegistry();
            new UtlsMetrics(server.manager, MetricsSettings.defaults(), clock::get).bindTo(registry);
            server.get("a.example", "/");

            assertThat(gauge(registry, "utls.pool.routes")).isZero();
            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(gauge(registry, "utls.pool.routes")).isEqualTo(1);
        }
    }

    @Test
    void ratiosForgetWhatIsOlderThanTwoMinutes() throws Exception {
        try (PlainServer server = new PlainServer()) {
            AtomicLong clock = new AtomicLong();
            MeterRegistry registry = new SimpleMeterRegistry();
            new UtlsMetrics(server.manager, LIVE, clock::get).bindTo(registry);
            server.get("a.example", "/status/500");
            assertThat(gauge(registry, "utls.pool.success.ratio")).isZero();

            clock.addAndGet(Duration.ofSeconds(60).toNanos());
            assertThat(gauge(registry, "utls.pool.success.ratio")).isZero();
            server.get("a.example", "/");
            clock.addAndGet(Duration.ofSeconds(60).toNanos());

            assertThat(gauge(registry, "utls.pool.success.ratio")).isEqualTo(1);
        }
    }

    @Test
    void prometheusHasTheNames() throws Exception {
        try (PlainServer server = new PlainServer()) {
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            new UtlsMetrics(server.manager, LIVE.toBuilder().maxAddresses(10).build()).bindTo(registry);
            server.get("a.example", "/");
            registry.scrape();

            String text = registry.scrape();
            assertThat(text)
                    .contains("utls_pool_requests_total{host=\"a.example:" + server.port()
                            + "\",httpclient=\"utls\",outcome=\"ok\"} 1.0")
                    .contains("utls_pool_response_seconds_count{host=\"a.example:" + server.port()
                            + "\",httpclient=\"utls\",outcome=\"ok\"} 1")
                    .contains("utls_pool_traffic_bytes_total{direction=\"received\",host=\"a.example:")
                    .contains("httpcomponents_httpclient_pool_total_max{httpclient=\"utls\"} ")
                    .contains("utls_pool_address_usable{address=\"127.0.0.1\",host=\"a.example:");
        }
    }

    @Test
    void closingRemovesEveryMeter() throws Exception {
        try (PlainServer server = new PlainServer()) {
            MeterRegistry registry = new SimpleMeterRegistry();
            UtlsMetrics metrics = new UtlsMetrics(server.manager, LIVE);
            metrics.bindTo(registry);
            server.get("a.example", "/");
            assertThat(registry.getMeters()).isNotEmpty();

            metrics.close();
            server.get("a.example", "/");

            assertThat(registry.getMeters().stream().map(Meter::getId)).isEmpty();
        }
    }

    @Test
    void twoPoolsAreToldApart() throws Exception {
        try (PlainServer one = new PlainServer();
                PlainServer two = new PlainServer()) {
            MeterRegistry registry = new SimpleMeterRegistry();
            new UtlsMetrics(one.manager, LIVE.toBuilder().name("one").build()).bindTo(registry);
            new UtlsMetrics(two.manager, LIVE.toBuilder().name("two").build()).bindTo(registry);
            one.get("a.example", "/");

            assertThat(registry.get("utls.pool.routes")
                            .tags(Tags.of("httpclient", "one"))
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.get("utls.pool.routes")
                            .tags(Tags.of("httpclient", "two"))
                            .gauge()
                            .value())
                    .isZero();
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> MetricsSettings.builder().name(" ").build())
                .hasMessage("name is ' ', must not be blank");
        assertThatThrownBy(() -> MetricsSettings.builder().maxHosts(-1).build())
                .hasMessage("maxHosts is -1, must be 0 or more");
        assertThatThrownBy(() -> MetricsSettings.builder()
                        .refresh(Duration.ofSeconds(-1))
                        .build())
                .hasMessage("refresh is PT-1S, must be zero or positive");
    }
}
