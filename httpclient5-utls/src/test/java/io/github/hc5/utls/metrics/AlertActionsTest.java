package io.github.hc5.utls.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.PoolSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.junit.jupiter.api.Test;

/** What the built-in actions do. */
class AlertActionsTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private static AlertEvent event(boolean firing, String name, double value) {
        AlertRule rule = new AlertRule(
                name, AlertMetric.ERROR_RATE, AlertOperator.GREATER, 0.2, Duration.ofMinutes(5), List.of("webhook"));
        return new AlertEvent(rule, firing, value, AT);
    }

    private static HotConnectionManager manager(int total, int perRoute) {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(ClientTlsStrategyBuilder.create().buildAsync())
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build())
                .setPoolSettings(PoolSettings.builder()
                        .maxTotal(total)
                        .maxPerRoute(perRoute)
                        .build())
                .build();
    }

    /** A server that answers posts with the statuses given, then with 204. */
    private static final class Receiver implements AutoCloseable {
        final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        private final AtomicInteger posts = new AtomicInteger();
        private final List<Integer> statuses;
        private final HttpServer server;

        Receiver(Integer... statuses) throws IOException {
            this.statuses = List.of(statuses);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/hook", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int number = posts.getAndIncrement();
            exchange.sendResponseHeaders(number < statuses.size() ? statuses.get(number) : 204, -1);
            exchange.close();
            bodies.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " " + body);
        }

        Webhook webhook(int tries) {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?token=secret");
            AlertSettings settings =
                    AlertSettings.builder().webhook(uri).webhookTries(tries).build();
            return new Webhook(() -> settings, 1);
        }

        JsonNode next() throws Exception {
            String body = bodies.poll(20, TimeUnit.SECONDS);
            assertThat(body).startsWith("POST application/json ");
            return new ObjectMapper().readTree(String.valueOf(body).substring("POST application/json ".length()));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void theWebhookPostsJson() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.webhook(3).fired(event(true, "a \"quoted\" \\ \n name", 0.25));
            JsonNode json = receiver.next();

            assertThat(json.get("alert").asText()).isEqualTo("a \"quoted\" \\ \n name");
            assertThat(json.get("state").asText()).isEqualTo("firing");
            assertThat(json.get("metric").asText()).isEqualTo("error_rate");
            assertThat(json.get("operator").asText()).isEqualTo(">");
            assertThat(json.get("threshold").asDouble()).isEqualTo(0.2);
            assertThat(json.get("value").asDouble()).isEqualTo(0.25);
            assertThat(json.get("duration_seconds").asInt()).isEqualTo(300);
            assertThat(json.get("at").asText()).isEqualTo("2026-01-01T00:00:00Z");
        }
    }

    @Test
    void aFailedPostIsTriedAgainBeforeTheNextOne() throws Exception {
        try (Receiver receiver = new Receiver(503, 302)) {
            Webhook webhook = receiver.webhook(3);
            webhook.fired(event(true, "x", 0.25));
            webhook.cleared(event(false, "x", Double.NaN));

            for (int i = 0; i < 3; i++) {
                assertThat(receiver.next().get("state").asText()).isEqualTo("firing");
            }
            JsonNode cleared = receiver.next();
            assertThat(cleared.get("state").asText()).isEqualTo("cleared");
            assertThat(cleared.get("value").isNull()).isTrue();
        }
    }

    @Test
    void aPostIsGivenUpAfterItsTriesAndTheNextOneGoesOut() throws Exception {
        try (Receiver receiver = new Receiver(500, 500)) {
            Webhook webhook = receiver.webhook(2);
            webhook.fired(event(true, "first", 1));
            webhook.fired(event(true, "second", 1));

            assertThat(receiver.next().get("alert").asText()).isEqualTo("first");
            assertThat(receiver.next().get("alert").asText()).isEqualTo("first");
            assertThat(receiver.next().get("alert").asText()).isEqualTo("second");
        }
    }

    @Test
    void scalingUpGrowsBothLimitsUntilTheCeiling() {
        try (HotConnectionManager manager = manager(100, 10)) {
            AlertSettings settings = AlertSettings.builder().scaleCeiling(200).build();
            LimitGrowth growth = new LimitGrowth(manager, () -> settings);

            growth.fired(event(true, "full", 1));
            assertThat(manager.getMaxTotal()).isEqualTo(150);
            assertThat(manager.getDefaultMaxPerRoute()).isEqualTo(15);
            growth.goesOn(event(true, "full", 1));
            assertThat(manager.getMaxTotal()).isEqualTo(200);
            assertThat(manager.getDefaultMaxPerRoute()).isEqualTo(23);
            growth.goesOn(event(true, "full", 1));
            growth.cleared(event(false, "full", 0));
            assertThat(manager.getMaxTotal()).isEqualTo(200);
            assertThat(manager.getDefaultMaxPerRoute()).isEqualTo(23);
        }
    }

    @Test
    void aWatchedPoolIsShutDownWhenARuleSaysSo() throws Exception {
        BlockingQueue<AlertEvent> fired = new LinkedBlockingQueue<>();
        AlertRule rule = new AlertRule(
                "no-memory", AlertMetric.MEMORY, AlertOperator.GREATER, 0, Duration.ZERO, List.of("shutdown", "mine"));
        try (HotConnectionManager manager = manager(10, 10);
                Alerts alerts = Alerts.watch(
                        manager,
                        AlertSettings.builder()
                                .rules(List.of(rule))
                                .interval(Duration.ofSeconds(1))
                                .build(),
                        Map.of("mine", fired::add))) {
            AlertEvent event = fired.poll(20, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!manager.isClosed() && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            assertThat(manager.isClosed()).isTrue();
            assertThat(alerts.firing()).containsExactly(rule);
        }
    }

    @Test
    void aRuleWithAnActionNobodyKnowsIsNotWatched() {
        AlertRule rule = new AlertRule(
                "x", AlertMetric.MEMORY, AlertOperator.GREATER, 0, Duration.ZERO, List.of("page-the-boss"));
        try (HotConnectionManager manager = manager(10, 10)) {
            assertThatThrownBy(() -> Alerts.watch(
                            manager,
                            AlertSettings.builder().rules(List.of(rule)).build()))
                    .hasMessage("the rule 'x' has the action 'page-the-boss', must be one of log, scale_up, shutdown, "
                            + "webhook");
        }
    }

    @Test
    void theFiguresAreThePools() {
        try (HotConnectionManager manager = manager(10, 10)) {
            var figures = AlertFigures.of(manager);
            assertThat(figures.applyAsDouble(AlertMetric.SUCCESS_RATE)).isNaN();
            assertThat(figures.applyAsDouble(AlertMetric.ERROR_RATE)).isNaN();
            assertThat(figures.applyAsDouble(AlertMetric.ACTIVE_CONNECTIONS)).isZero();
            assertThat(figures.applyAsDouble(AlertMetric.MEMORY)).isBetween(0.0, 1.0);
            manager.addresses().ban(InetAddress.getLoopbackAddress(), Duration.ofMinutes(1));
            assertThat(figures.applyAsDouble(AlertMetric.BANS)).isEqualTo(1);
        }
    }
}
