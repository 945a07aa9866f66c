package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** A web application with two pools, seen and changed through its actuator over HTTP. */
class ActuatorTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static Mirror mirror;
    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() throws Exception {
        mirror = Mirror.start();
        context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(mirror.properties(
                        "spring.main.banner-mode=off",
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "management.endpoints.web.exposure.include=health,hotpool,metrics",
                        "management.endpoint.health.show-details=always",
                        "httpclient5.utls.metrics.enabled=true",
                        "httpclient5.utls.metrics.max-addresses=3",
                        "httpclient5.utls.metrics.refresh=0s",
                        "httpclient5.utls.pools.slow.pool.max-connections=4",
                        "httpclient5.utls.pools.slow.pool.max-idle-conns=4",
                        "httpclient5.utls.pools.slow.fingerprint.profile=firefox"))
                .properties(Map.of("httpclient5.utls.prewarm.hosts[" + mirror.url("") + "]", 2))
                .run();
    }

    @AfterAll
    static void stop() throws Exception {
        context.close();
        mirror.close();
    }

    private static JsonNode get(String path, int status) throws Exception {
        HttpResponse<String> response =
                HTTP.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response.body().isEmpty() ? Mirror.seen("{}") : Mirror.seen(response.body());
    }

    private static JsonNode post(String action, String body, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/actuator/hotpool/" + action))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Mirror.seen(response.body());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    @Test
    void connectionsAreReadyBeforeTheApplicationIs() throws Exception {
        JsonNode pool =
                get("/actuator/hotpool", 200).path("pools").path("default").path(0);
        assertThat(pool.path("open").asInt()).as(pool.toString()).isGreaterThanOrEqualTo(2);
        assertThat(pool.path("routes")
                        .path(0)
                        .path("connections")
                        .path(0)
                        .path("profile")
                        .asText())
                .isEqualTo("chrome-156");
    }

    @Test
    void healthTellsOfEachPool() throws Exception {
        context.getBean(RestClient.Builder.class)
                .build()
                .get()
                .uri(mirror.url("/healthy"))
                .retrieve()
                .body(String.class);
        JsonNode pools =
                get("/actuator/health", 200).path("components").path("hotpool").path("components");
        JsonNode health = pools.path("default");
        assertThat(health.path("status").asText()).as(pools.toString()).isEqualTo("UP");
        assertThat(health.path("details").path("state").asText()).isEqualTo("HEALTHY");
        assertThat(health.path("details")
                        .path("hosts")
                        .path(mirror.url(""))
                        .path("health")
                        .asText())
                .isEqualTo("WELL");
        assertThat(pools.path("slow").path("status").asText()).isEqualTo("UP");
    }

    @Test
    void metersOfEachPoolAreInTheRegistry() throws Exception {
        JsonNode meter = get("/actuator/metrics/httpcomponents.httpclient.pool.total.max", 200);
        List<String> pools = new ArrayList<>();
        meter.path("availableTags").forEach(tag -> {
            if (tag.path("tag").asText().equals("httpclient")) {
                tag.path("values").forEach(value -> pools.add(value.asText()));
            }
        });
        assertThat(pools).contains("utls", "slow");
    }

    /** Boot's registry is one of those that Micrometer's global registry passes everything on to. */
    @Test
    void noExchangeIsCountedTwice() throws Exception {
        for (int i = 0; i < 3; i++) {
            context.getBean(RestClient.Builder.class)
                    .build()
                    .get()
                    .uri(mirror.url("/counted"))
                    .retrieve()
                    .body(String.class);
        }
        MeterRegistry registry = context.getBean(MeterRegistry.class);
        long recorded = registry.find("utls.pool.response").timers().stream()
                .filter(timer -> "utls".equals(timer.getId().getTag("httpclient")))
                .mapToLong(Timer::count)
                .sum();
        assertThat(recorded)
                .isPositive()
                .isEqualTo(context.getBean(HotConnectionManager.class)
                        .snapshot()
                        .figures()
                        .requests());
        // meters of an address appear with the first reading after it
        assertThat(registry.get("utls.pool.routes")
                        .tag("httpclient", "utls")
                        .gauge()
                        .value())
                .isPositive();
        assertThat(registry.find("utls.pool.address.usable").meters()).isNotEmpty();
    }

    @Test
    void anAddressIsBannedAndLifted() throws Exception {
        post("ban", "{\"address\":\"192.0.2.7\",\"duration\":\"30s\"}", 200);
        assertThat(context.getBean(HotConnectionManager.class).addresses().bans())
                .anySatisfy(ban -> assertThat(ban.address().getHostAddress()).isEqualTo("192.0.2.7"));
        JsonNode health = get("/actuator/health", 200);
        assertThat(health.toString()).contains("192.0.2.7");
        assertThat(post("lift", "{\"address\":\"192.0.2.7\"}", 200)
                        .path("lifted")
                        .asBoolean())
                .isTrue();
        assertThat(context.getBean(HotConnectionManager.class).addresses().bans())
                .isEmpty();
    }

    @Test
    void limitsChangeAndConnectionsAreOpenedOnDemand() throws Exception {
        JsonNode now = post("limits", "{\"pool\":\"slow\",\"maxTotal\":9,\"maxPerHost\":3}", 200);
        assertThat(now.path("maxTotal").asInt()).isEqualTo(9);
        assertThat(context.getBean(UtlsPools.class).get("slow").manager().getDefaultMaxPerRoute())
                .isEqualTo(3);
        post("prewarm", "{\"pool\":\"slow\",\"url\":\"" + mirror.url("") + "\",\"connections\":1}", 200);
        assertThat(get("/actuator/hotpool/slow", 200)
                        .path("pools")
                        .path("slow")
                        .path(0)
                        .path("maxTotal")
                        .asInt())
                .isEqualTo(9);
        get("/actuator/hotpool/other", 404);
    }

    @Test
    void wrongRequestsAreRefusedWithWhatIsAllowed() throws Exception {
        post("ban", "{\"address\":\"www.example.com\"}", 400);
        post("ban", "{\"address\":\"192.0.2.7\",\"duration\":\"-1s\"}", 400);
        post("explode", "{}", 400);
        post("limits", "{\"pool\":\"none\",\"maxTotal\":9}", 400);
        HotPoolEndpoint endpoint = context.getBean(HotPoolEndpoint.class);
        assertThatExceptionOfType(InvalidEndpointRequestException.class)
                .isThrownBy(() -> endpoint.change("limits", null, null, null, null, null, 0, null, null))
                .withMessage("maxTotal is '0', must be 1 or more");
    }
}
