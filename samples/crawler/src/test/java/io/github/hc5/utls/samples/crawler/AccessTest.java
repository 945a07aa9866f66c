package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may do what, with a token and without, and the endpoints of operators and probes. */
@Timeout(60)
class AccessTest {

    private static final String TOKEN = "0123456789abcdef";

    private static Service open;
    private static Service guarded;

    @BeforeAll
    static void start() {
        // figures as they are, not as they were up to a second ago
        open = Service.start("crawler.names=crawler.example", "httpclient5.utls.metrics.refresh=0");
        guarded = Service.start("crawler.token=" + TOKEN);
    }

    @AfterAll
    static void stop() {
        open.close();
        guarded.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/app.js",
                "/charts.js",
                "/style.css",
                "/favicon.svg",
                "/health",
                "/ready",
                "/live"
            })
    void thePageAndTheProbesNeedNoToken(String path) throws Exception {
        assertThat(guarded.get(path).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/api/live",
                "/health/readiness",
                "/health/../metrics",
                "/;x/metrics",
                "//metrics",
                "/live;/../metrics",
                "/nowhere"
            })
    void allElseDoes(String path) throws Exception {
        assertThat(status(guarded, "GET " + path + " HTTP/1.1\r\nHost: localhost"))
                .isIn(400, 401);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer 0123456789abcdef,200",
        "bearer 0123456789abcdef,200",
        "Bearer 0123456789abcdeF,401",
        "Bearer,401",
        "Basic 0123456789abcdef,401"
    })
    void onlyTheTokenOpens(String header, int status) throws Exception {
        HttpResponse<String> answer = guarded.get("/metrics", "Authorization", header);
        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 401) {
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer "));
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
    }

    @Test
    void theTokenIsInNoText() {
        assertThat(guarded.context.getBean(CrawlerSettings.class).toString()).doesNotContain(TOKEN);
    }

    @Test
    void healthShowsItsDetailsToThoseWhoMaySee() throws Exception {
        assertThat(guarded.get("/health").body()).contains("UP").doesNotContain("components");
        assertThat(guarded.get("/health", "Authorization", "Bearer " + TOKEN).body())
                .contains("components");
        assertThat(open.get("/health").body()).contains("components");
    }

    /** What ails the pool or its targets is no reason to take the service away, or to start it anew. */
    @Test
    void theProbesAskForNothingButTheService() throws Exception {
        JsonNode ready = Service.JSON.readTree(open.get("/ready").body());
        assertThat(ready.get("components").propertyNames()).containsExactly("readinessState");
        JsonNode live = Service.JSON.readTree(open.get("/live").body());
        assertThat(live.get("components").propertyNames()).containsExactly("livenessState");
    }

    /** A page elsewhere cannot use the service through its visitor's browser. */
    @ParameterizedTest
    @CsvSource({
        "Origin,https://evil.example,403",
        "Origin,null,403",
        "Sec-Fetch-Site,cross-site,403",
        "Sec-Fetch-Site,same-site,403",
        "Sec-Fetch-Site,same-origin,400",
        "Sec-Fetch-Site,none,400",
        "X-Other,none,400",
    })
    void otherOriginsMayNotAct(String header, String value, int status) throws Exception {
        for (String path : new String[] {"/api/bans", "/fetch"}) {
            assertThat(open.send("POST", path, "{}", header, value).statusCode())
                    .isEqualTo(status);
        }
    }

    @Test
    void whatABrowserSendsWithoutAskingIsNoOrder() throws Exception {
        assertThat(status(
                        open,
                        "POST /fetch HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 0"))
                .isEqualTo(415);
        assertThat(status(
                        open,
                        "POST /api/bans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                + "Content-Length: 0"))
                .isEqualTo(415);
    }

    /** A name of somebody else's that leads here (DNS rebinding) is not served without a token. */
    @ParameterizedTest
    @CsvSource({
        "localhost,200",
        "localhost:8080,200",
        "127.0.0.1:1,200",
        "[::1]:8080,200",
        "crawler.example:80,200",
        "evil.example,421",
        "127.0.0.1.evil.example,421",
        "localhost.evil.example,421",
    })
    void onlyOwnNamesAreServedWithoutAToken(String host, int status) throws Exception {
        assertThat(status(open, "GET /metrics HTTP/1.1\r\nHost: " + host)).isEqualTo(status);
    }

    @Test
    void everyAnswerHasTheHeadersThatKeepAPageSafe() throws Exception {
        for (String path : new String[] {"/", "/metrics", "/nowhere"}) {
            HttpResponse<String> answer = open.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy ->
                            assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(open.get("/metrics").headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void addressesAreBannedAndLifted() throws Exception {
        assertThat(open.send("POST", "/api/bans", "{\"address\":\"192.0.2.7\",\"seconds\":60}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(open.send("POST", "/api/bans", "{\"address\":\"2001:db8::7\",\"seconds\":60}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(open.send("DELETE", "/api/bans/192.0.2.7", "").statusCode()).isEqualTo(204);
        assertThat(open.send("DELETE", "/api/bans/2001:db8::7", "").statusCode())
                .isEqualTo(204);
        HttpResponse<String> again = open.send("DELETE", "/api/bans/192.0.2.7", "");
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(again.body()).contains(ProblemException.TYPES + "not-banned");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"address\":\"192.0.2.7\"}",
                "{\"address\":\"192.0.2.7\",\"seconds\":0}",
                "{\"address\":\"192.0.2.7\",\"seconds\":604801}",
                "{\"address\":\"192.0.2.256\",\"seconds\":1}",
                "{\"address\":\"192.0.2\",\"seconds\":1}",
                "{\"address\":\"192.0.2.0/24\",\"seconds\":1}",
                "{\"address\":\"localhost\",\"seconds\":1}",
                "{\"address\":\":::\",\"seconds\":1}",
                "{\"address\":\"192.0.2.7\",\"seconds\":\"x\"}",
                "no json",
            })
    void whatIsNoBanIsAProblem(String body) throws Exception {
        HttpResponse<String> answer = open.send("POST", "/api/bans", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(open.context
                        .getBean(io.github.hc5.utls.pool.HotConnectionManager.class)
                        .addresses()
                        .bans())
                .isEmpty();
    }

    @Test
    void theFeedBeginsWithThePastAndGoesOnWithThePresent() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), open.port)) {
            String text = send(socket, "GET /api/live HTTP/1.1\r\nHost: localhost", "event: now\ndata: ", "\n\n");
            assertThat(text).contains("Content-Type: text/event-stream").contains("event: history\ndata: {");
            String json = text.substring(text.indexOf("event: now\ndata: ") + "event: now\ndata: ".length());
            JsonNode now = Service.JSON.readTree(json.substring(0, json.indexOf("\n\n")));
            assertThat(now.get("status").get("state").stringValue()).isEqualTo("HEALTHY");
            assertThat(now.get("pool").get("max").intValue()).isPositive();
        }
    }

    /** A live scrape has the pool's meters by the names that the rules in {@code config/prometheus} ask for. */
    @Test
    void prometheusReadsThePool() throws Exception {
        try (TargetServer site = new TargetServer()) {
            assertThat(open.fetch(site.url("/a"), site.url("/b"))).allMatch(line -> !line.has("error"));
            String scrape = open.get("/metrics").body();
            assertThat(scrape).contains("# TYPE").contains("jvm_");
            assertThat(scrape).containsPattern("(?m)^httpcomponents_httpclient_pool_total_max\\{.*\\} [1-9]");
            assertThat(scrape).containsPattern("(?m)^utls_pool_connect_seconds_count\\{.*\\} [1-9]");
            assertThat(scrape)
                    .containsPattern("(?m)^utls_pool_requests_total\\{.*" + site.port() + ".*\\} 2\\.0$|"
                            + "(?m)^utls_pool_requests_total\\{.*\\} [2-9]");
            String rules =
                    Files.readString(DeploymentTest.root().resolve("config/prometheus/httpclient5-utls.rules.yml"));
            assertThat(Pattern.compile("\\b(?:utls_pool|httpcomponents_httpclient_pool)_[a-z_]+")
                            .matcher(rules)
                            .results()
                            .map(MatchResult::group)
                            .distinct())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(scrape).contains("\n" + name));
        }
    }

    private static int status(Service service, String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port)) {
            return Integer.parseInt(send(socket, head, "HTTP/1.1 ", "\r\n").split(" ", 3)[1]);
        }
    }

    /** Sends a request as it stands; a client library would change it. Returns what came until one text followed another. */
    private static String send(Socket socket, String head, String first, String then) throws IOException {
        socket.getOutputStream().write((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            text.append((char) c);
            int at = text.indexOf(first);
            if (at >= 0 && c == then.charAt(then.length() - 1) && text.indexOf(then, at + first.length()) >= 0) {
                break;
            }
        }
        return text.toString();
    }
}
