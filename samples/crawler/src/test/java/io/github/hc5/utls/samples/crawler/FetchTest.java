package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code POST /fetch} as its callers see it. */
@Timeout(60)
class FetchTest {

    private static final int BODY_LIMIT = 4096;
    private static final int URL_LIMIT = 50;

    private static TargetServer site;
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        site = new TargetServer();
        service = Service.start(
                "crawler.limits.body-bytes=" + BODY_LIMIT,
                "crawler.limits.request-bytes=2048",
                "crawler.limits.urls=" + URL_LIMIT);
    }

    @AfterAll
    static void stop() {
        service.close();
        site.close();
    }

    private static JsonNode one(String url) throws Exception {
        return service.fetch(url).get(0);
    }

    private static String problem(JsonNode line) {
        return line.get("error").get("type").stringValue().substring(ProblemException.TYPES.length());
    }

    @Test
    void oneUrlIsAnsweredByOneLine() throws Exception {
        try (Service.Lines lines = service.open(Map.of("url", site.url("/one"), "headers", Map.of("X-Own", "mine")))) {
            assertThat(lines.response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
            JsonNode line = lines.take();
            assertThat(line.get("status").intValue()).isEqualTo(200);
            assertThat(line.get("url").stringValue()).isEqualTo(site.url("/one"));
            assertThat(line.get("body").stringValue()).isEqualTo("you asked for /one with mine");
            assertThat(line.get("body_encoding").stringValue()).isEqualTo("text");
            assertThat(line.get("protocol").stringValue()).isEqualTo("HTTP/1.1");
            assertThat(line.get("remote").stringValue()).endsWith(":" + site.port());
            assertThat(line.get("headers").get("content-type").get(0).stringValue())
                    .isEqualTo("text/plain");
            assertThat(line.has("error")).isFalse();
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void resultsComeInTheOrderInWhichTheyEnd() throws Exception {
        try (TargetServer slow = new TargetServer();
                Service.Lines lines = service.open(List.of(slow.url("/held"), site.url("/a"), site.url("/b")))) {
            // the first URL is answered only when the others' lines have been read
            assertThat(List.of(
                            lines.take().get("index").intValue(),
                            lines.take().get("index").intValue()))
                    .containsExactlyInAnyOrder(1, 2);
            slow.release();
            assertThat(lines.take().get("index").intValue()).isZero();
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void linesAreReadAsUrls() throws Exception {
        String body = "\"" + site.url("/l1") + "\"\n\n{\"url\":\"" + site.url("/l2") + "\"}\n";
        java.net.http.HttpResponse<String> answer = java.net.http.HttpClient.newHttpClient()
                .send(
                        service.request("/fetch", "Content-Type", "application/x-ndjson")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().lines().toList()).hasSize(2);
    }

    @Test
    void aBodyThatIsNoTextIsInBase64AndNoneIfNotWanted() throws Exception {
        JsonNode line = one(site.url("/big/3"));
        assertThat(line.get("body_encoding").stringValue()).isEqualTo("base64");
        assertThat(line.get("body").stringValue()).isEqualTo("AAAA");
        try (Service.Lines lines = service.open(Map.of("url", site.url("/big/3"), "body", "none"))) {
            JsonNode without = lines.take();
            assertThat(without.has("body")).isFalse();
            assertThat(without.get("bytes").longValue()).isEqualTo(3);
        }
    }

    @Test
    void aRedirectIsFollowedToWhereItMayGo() throws Exception {
        JsonNode line = one(site.url("/redirect?/there"));
        assertThat(line.get("status").intValue()).isEqualTo(200);
        assertThat(line.get("final_url").stringValue()).isEqualTo(site.url("/there"));
    }

    @Test
    void aRedirectToAnotherTargetIsRefused() throws Exception {
        assertThat(problem(one(site.url("/redirect?http://metadata.internal/latest"))))
                .isEqualTo("target-refused");
    }

    @ParameterizedTest
    @CsvSource({
        "http://www.example.test/, target-refused",
        "https://localhost.example.test/, target-refused",
        "ftp://localhost/, invalid-url",
        "http:///path, invalid-url",
        "http://user@localhost:80/, invalid-url",
        "not a url, invalid-url",
    })
    void whatMayNotBeFetchedFailsAlone(String url, String type) throws Exception {
        List<JsonNode> lines = service.fetch(url, site.url("/well"));
        assertThat(problem(lines.get(0))).isEqualTo(type);
        assertThat(lines.get(1).get("status").intValue()).isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLargeIsGivenUp() throws Exception {
        assertThat(one(site.url("/big/" + BODY_LIMIT)).get("bytes").intValue()).isEqualTo(BODY_LIMIT);
        JsonNode line = one(site.url("/big/" + (BODY_LIMIT + 1)));
        assertThat(problem(line)).isEqualTo("body-too-large");
        assertThat(line.get("status").intValue()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "17",
                "[]",
                "[17]",
                "{}",
                "{\"url\":\"http://localhost/\",\"urls\":[]}",
                "{\"url\":\"http://localhost/\",\"method\":\"POST\"}",
                "{\"url\":\"http://localhost/\",\"body\":\"all\"}",
                "{\"url\":\"http://localhost/\",\"color\":1}",
                "{\"url\":\"http://localhost/\",\"headers\":{\"Host\":\"internal\"}}",
                "{\"url\":\"http://localhost/\",\"headers\":{\"X\":\"a\\r\\nY: b\"}}",
            })
    void whatIsNoOrderIsAProblem(String body) throws Exception {
        HttpResponse<String> answer = service.send("POST", "/fetch", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertProblem(answer, "invalid-request");
    }

    @Test
    void tooManyUrlsOrBytesAreAProblem() throws Exception {
        String[] urls =
                IntStream.rangeClosed(0, URL_LIMIT).mapToObj(i -> "http://a/").toArray(String[]::new);
        HttpResponse<String> many = service.send("POST", "/fetch", Service.JSON.writeValueAsString(urls));
        assertThat(many.statusCode()).isEqualTo(400);
        assertThat(many.body()).contains("crawler.limits.urls");
        HttpResponse<String> large = service.send("POST", "/fetch", " ".repeat(2049));
        assertThat(large.statusCode()).isEqualTo(413);
        assertProblem(large, "request-too-large");
    }

    @Test
    void otherMethodsAndTypesAreProblems() throws Exception {
        HttpResponse<String> get = service.get("/fetch");
        assertThat(get.statusCode()).isEqualTo(405);
        assertProblem(get);
        HttpResponse<String> missing = service.get("/nowhere");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertProblem(missing);
    }

    private static void assertProblem(HttpResponse<String> answer, String type) {
        assertThat(assertProblem(answer).get("type").stringValue()).isEqualTo(ProblemException.TYPES + type);
    }

    private static JsonNode assertProblem(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = Service.JSON.readTree(answer.body());
        assertThat(problem.get("status").intValue()).isEqualTo(answer.statusCode());
        assertThat(problem.get("title").stringValue()).isNotBlank();
        assertThat(problem.get("detail").stringValue()).isNotBlank();
        return problem;
    }
}
