package io.github.hc5.utls.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.it.servers.ApacheServer;
import io.github.hc5.utls.it.servers.Exchange;
import io.github.hc5.utls.it.servers.HaproxyServer;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.JettyServer;
import io.github.hc5.utls.it.servers.JsseServer;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.NginxServer;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten thousand requests at concurrency 64 over one HTTP/2 connection at a time, to each server that browsers meet. A
 * quarter are uploads where the server takes them. What a server refuses by GOAWAY is sent again; nothing else may fail.
 */
class ManyRequestsTest {

    private static final int REQUESTS = 10_000;
    private static final int CONCURRENCY = 64;
    private static final int BODY = NginxServer.SMALL_FILE_LENGTH;
    private static final int LARGE = NginxServer.FILE_LENGTH;

    private enum Uploads {
        NONE,
        TAKEN,
        /** The answer says how long the body was. */
        COUNTED
    }

    /**
     * A server, as the test sees it.
     *
     * @param large the length of the answer to every hundredth request
     */
    private record Peer(String name, Supplier<TestServer> start, Uploads uploads, int large) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> serversAndProfiles() {
        Identity identity = TestPki.server(KeyKind.ECDSA);
        List<Peer> peers = List.of(
                new Peer(
                        "nginx",
                        () -> NginxServer.start(new NginxServer.Settings(identity, "TLSv1.3", true, false)),
                        Uploads.NONE,
                        LARGE),
                new Peer("haproxy", () -> HaproxyServer.start(identity, BODY, 60_000), Uploads.COUNTED, 60_000),
                new Peer("apache", () -> ApacheServer.start(identity, BODY, LARGE), Uploads.TAKEN, LARGE),
                new Peer("jetty", () -> JettyServer.start(identity), Uploads.COUNTED, LARGE),
                new Peer(
                        "netty",
                        () -> NettyServer.start(NettyServer.Settings.of(identity, "TLSv1.3")),
                        Uploads.COUNTED,
                        LARGE),
                new Peer(
                        "httpcore",
                        () -> JsseServer.start(
                                new JsseServer.Settings(identity, "TLSv1.3", HttpVersionPolicy.NEGOTIATE, false)),
                        Uploads.COUNTED,
                        LARGE));
        return Stream.of("chrome-156", "firefox-153")
                .map(BrowserProfiles::find)
                .flatMap(profile -> peers.stream().map(peer -> Arguments.of(peer, profile)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("serversAndProfiles")
    void allAreAnswered(Peer peer, BrowserProfile profile) throws Exception {
        try (TestServer server = peer.start().get();
                WireClient client = new WireClient(profile, server.address())) {
            Map<String, Integer> outcomes =
                    WireClient.many(REQUESTS, CONCURRENCY, number -> outcome(client, number, peer));
            assertThat(outcomes).as(peer.name()).containsExactly(Map.entry("200", REQUESTS));
        }
    }

    private static String outcome(WireClient client, int number, Peer peer) throws Exception {
        boolean upload = peer.uploads() != Uploads.NONE && number % 4 == 0;
        int length = 1 + number % 5_000;
        Message<HttpResponse, byte[]> answer =
                client.send(() -> upload ? upload(length) : download(number, length(number, peer)));
        byte[] body = answer.getBody() == null ? new byte[0] : answer.getBody();
        boolean whole;
        if (!upload) {
            whole = body.length == length(number, peer);
        } else {
            whole = peer.uploads() == Uploads.TAKEN
                    || new String(body, StandardCharsets.US_ASCII)
                            .lines()
                            .anyMatch(line -> line.equals("length=" + length));
        }
        return answer.getHead().getCode() + (whole ? "" : " with " + body.length + " bytes");
    }

    private static int length(int number, Peer peer) {
        return number % 100 == 1 ? peer.large() : BODY;
    }

    private static AsyncRequestProducer upload(int length) {
        return AsyncRequestBuilder.post(WireClient.origin() + "/sum")
                .setEntity(new BasicAsyncEntityProducer(Exchange.pattern(length), ContentType.APPLICATION_OCTET_STREAM))
                .build();
    }

    private static AsyncRequestProducer download(int number, int length) {
        return AsyncRequestBuilder.get(WireClient.origin() + "/bytes/" + length)
                .addHeader("Cookie", "session=" + number % 7 + "; other=" + number)
                .build();
    }
}
