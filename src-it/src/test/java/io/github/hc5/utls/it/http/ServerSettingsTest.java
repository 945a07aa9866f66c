package io.github.hc5.utls.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.it.servers.Exchange;
import io.github.hc5.utls.it.servers.Http2Behaviour;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.JettyServer;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers with unusual SETTINGS, and servers that change them while requests run. Netty's decoder holds a client to each
 * change once that has acknowledged it, and ends the connection where it does not keep to it.
 */
class ServerSettingsTest {

    private static final int CONCURRENCY = 64;
    private static final Identity IDENTITY = TestPki.server(KeyKind.ECDSA);
    private static final int LARGE_HEADER = 60 << 10;

    private static Http2Settings settings() {
        return new Http2Settings().maxHeaderListSize(1 << 17);
    }

    static Stream<Arguments> behaviours() {
        List<Http2Settings> tables = Stream.of(0, 65_536, 100, 4_096, 0, 300, 16_384)
                .map(size -> settings().headerTableSize(size))
                .toList();
        // never less than an upload: Netty does not open a window again that a smaller one made negative
        List<Http2Settings> windows = Stream.of(50_000, 1 << 20, 41_000, 65_535)
                .map(size -> settings().initialWindowSize(size).maxFrameSize(16_384 + size / 2))
                .toList();
        List<Http2Settings> limits = Stream.of(1, 100, 3, 64)
                .map(count -> settings().maxConcurrentStreams(count))
                .toList();
        Map<String, Http2Behaviour> behaviours = Map.of(
                "no header table", Http2Behaviour.of(settings().headerTableSize(0)),
                "header table of 64 KiB", Http2Behaviour.of(settings().headerTableSize(1 << 16)),
                "changing header tables", new Http2Behaviour(settings(), tables, 20),
                "changing windows", new Http2Behaviour(settings(), windows, 20),
                "changing limits", new Http2Behaviour(settings().maxConcurrentStreams(100), limits, 50));
        return behaviours.entrySet().stream()
                .flatMap(each -> Stream.of("chrome-156", "firefox-153")
                        .map(profile -> Arguments.of(each.getKey(), each.getValue(), profile)));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("behaviours")
    void requestsAreAnsweredWhateverTheServersSettings(String name, Http2Behaviour behaviour, String profile)
            throws Exception {
        int requests = 2_000;
        try (TestServer server = NettyServer.start(NettyServer.Settings.of(IDENTITY, "TLSv1.3"), behaviour);
                WireClient client = new WireClient(BrowserProfiles.find(profile), server.address())) {
            Map<String, Integer> outcomes =
                    WireClient.many(requests, CONCURRENCY, number -> outcome(client.send(() -> request(number))));
            assertThat(outcomes).as(name).containsExactly(Map.entry("200", requests));
        }
    }

    private static AsyncRequestProducer request(int number) {
        Random random = new Random(number);
        AsyncRequestBuilder request = number % 3 == 0
                ? AsyncRequestBuilder.post(WireClient.origin() + "/sum")
                        .setEntity(new BasicAsyncEntityProducer(
                                Exchange.pattern(1 + random.nextInt(40_000)), ContentType.APPLICATION_OCTET_STREAM))
                : AsyncRequestBuilder.get(WireClient.origin() + "/bytes/" + random.nextInt(3_000));
        return request.addHeader("Cookie", "a=" + number % 7 + "; b=" + "c".repeat(random.nextInt(300)))
                .addHeader("X-" + number % 50, "v".repeat(random.nextInt(500)))
                .build();
    }

    private static String outcome(Message<HttpResponse, byte[]> answer) {
        return Integer.toString(answer.getHead().getCode());
    }

    static Stream<Arguments> serversOfLargeHeaders() {
        Supplier<TestServer> netty =
                () -> NettyServer.start(NettyServer.Settings.of(IDENTITY, "TLSv1.3"), Http2Behaviour.of(settings()));
        Supplier<TestServer> jetty = () -> JettyServer.start(IDENTITY);
        return Stream.of("chrome-156", "firefox-153")
                .flatMap(profile ->
                        Stream.of(Arguments.of("netty", netty, profile), Arguments.of("jetty", jetty, profile)));
    }

    /** Such a block needs CONTINUATION frames, on the way there and on the way back. */
    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("serversOfLargeHeaders")
    void headerBlocksOfSixtyKibibytesGoBothWays(String name, Supplier<TestServer> start, String profile)
            throws Exception {
        int requests = 300;
        try (TestServer server = start.get();
                WireClient client = new WireClient(BrowserProfiles.find(profile), server.address())) {
            Map<String, Integer> outcomes = WireClient.many(requests, CONCURRENCY, number -> {
                String large = incompressible(number);
                Message<HttpResponse, byte[]> answer =
                        client.send(() -> AsyncRequestBuilder.get(WireClient.origin() + "/bytes/10")
                                .addHeader("X-Large", large)
                                .build());
                Header back = answer.getHead().getFirstHeader("x-large");
                return outcome(answer) + (back != null && large.equals(back.getValue()) ? "" : " and not the header");
            });
            assertThat(outcomes).as(name).containsExactly(Map.entry("200", requests));
        }
    }

    /** Characters whose Huffman codes are longer than an octet, so that the block has the full length in any case. */
    private static String incompressible(int seed) {
        StringBuilder text = new StringBuilder(LARGE_HEADER);
        new Random(seed).ints(LARGE_HEADER, 0, 8).forEach(i -> text.append("!\"#$<>@~".charAt(i)));
        return text.toString();
    }
}
