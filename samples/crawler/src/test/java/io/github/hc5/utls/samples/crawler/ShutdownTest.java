package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Nothing that was accepted is lost when the service ends. */
@Timeout(60)
class ShutdownTest {

    private static List<String> held(TargetServer site, int n) {
        return IntStream.range(0, n).mapToObj(i -> site.url("/held/" + i)).toList();
    }

    private static List<JsonNode> rest(Service.Lines lines) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    @Test
    void whatWasAcceptedIsFinishedAndNothingElseIsTaken() throws Exception {
        try (TargetServer site = new TargetServer();
                Service service = Service.start()) {
            try (Service.Lines lines = service.open(held(site, 100))) {
                Await.until(() -> !site.asked.isEmpty());
                CompletableFuture<Void> closing = CompletableFuture.runAsync(service::close);
                HttpResponse<String> late;
                do {
                    late = service.send("POST", "/fetch", "[\"" + site.url("/late") + "\"]");
                } while (late.statusCode() == 200);
                assertThat(late.statusCode()).isEqualTo(503);
                assertThat(late.body()).contains(ProblemException.TYPES + "shutting-down");
                assertThat(late.headers().firstValue("Retry-After")).isPresent();
                assertThat(closing).isNotDone();
                site.release();
                List<JsonNode> all = rest(lines);
                assertThat(all)
                        .hasSize(100)
                        .allSatisfy(line ->
                                assertThat(line.get("status").intValue()).isEqualTo(200));
                closing.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void whatIsNotDoneInTimeIsAnsweredAsSuch() throws Exception {
        try (TargetServer site = new TargetServer();
                Service service = Service.start("crawler.shutdown=0s")) {
            try (Service.Lines lines = service.open(held(site, 100))) {
                Await.until(() -> !site.asked.isEmpty());
                CompletableFuture<Void> closing = CompletableFuture.runAsync(service::close);
                List<JsonNode> all = rest(lines);
                Set<Integer> indexes = new HashSet<>();
                for (JsonNode line : all) {
                    indexes.add(line.get("index").intValue());
                    assertThat(line.get("error").get("type").stringValue())
                            .isEqualTo(ProblemException.TYPES + "shutting-down");
                    assertThat(line.get("error").get("retryable").booleanValue())
                            .isTrue();
                }
                assertThat(indexes).hasSize(100);
                closing.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aCallerThatGoesAwayLeavesNothingBehind() throws Exception {
        try (TargetServer site = new TargetServer();
                Service service = Service.start("crawler.limits.streams=1")) {
            Service.Lines lines = service.open(
                    IntStream.range(0, 5000).mapToObj(i -> site.url("/" + i)).toList());
            assertThat(lines.next()).isNotNull();
            HttpResponse<String> second = service.send("POST", "/fetch", "[\"" + site.url("/x") + "\"]");
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.body()).contains(ProblemException.TYPES + "busy");
            lines.close();
            Fetches fetches = service.context.getBean(Fetches.class);
            Await.until(() -> fetches.streams() == 0);
            assertThat(service.fetch(site.url("/y")).get(0).get("status").intValue())
                    .isEqualTo(200);
        }
    }
}
