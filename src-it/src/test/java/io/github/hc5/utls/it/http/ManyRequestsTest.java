package io.github.hc5.utls.it.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.it.servers.ApacheServer;
import io.github.hc5.utls.it.servers.CertificateAuthority;
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
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicClientExchangeHandler;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten thousand requests at concurrency 64 over one HTTP/2 connection at a time. Servers may end a connection by GOAWAY
 * (nginx does so every thousand requests): what they refuse is sent again, and nothing else may fail.
 */
class ManyRequestsTest {

    private static final int REQUESTS = 10_000;
    private static final int CONCURRENCY = 64;
    private static final int BODY = NginxServer.SMALL_FILE_LENGTH;
    private static final int LARGE = NginxServer.FILE_LENGTH;

    private final DefaultConnectingIOReactor reactor =
            new DefaultConnectingIOReactor(UtlsEventHandlerFactory.builder().build());
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private final Map<String, Integer> outcomes = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private @Nullable IOSession session;

    /**
     * A server, as one of the tests sees it.
     *
     * @param takesBodies whether it is sent uploads too
     * @param large the length of the answer to every hundredth request
     */
    private record Peer(String name, Supplier<TestServer> start, boolean takesBodies, int large) {

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
                        false,
                        LARGE),
                new Peer("haproxy", () -> HaproxyServer.start(identity, BODY, 60_000), true, 60_000),
                new Peer("apache", () -> ApacheServer.start(identity, BODY, LARGE), true, LARGE),
                new Peer("jetty", () -> JettyServer.start(identity), true, LARGE),
                new Peer("netty", () -> NettyServer.start(NettyServer.Settings.of(identity, "TLSv1.3")), true, LARGE),
                new Peer(
                        "httpcore",
                        () -> JsseServer.start(
                                new JsseServer.Settings(identity, "TLSv1.3", HttpVersionPolicy.NEGOTIATE, false)),
                        true,
                        LARGE));
        return Stream.of("chrome-156", "firefox-153")
                .map(BrowserProfiles::find)
                .flatMap(profile -> peers.stream().map(peer -> Arguments.of(peer, profile)));
    }

    @AfterEach
    void close() {
        reactor.close(CloseMode.IMMEDIATE);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("serversAndProfiles")
    void allAreAnswered(Peer peer, BrowserProfile profile) throws Exception {
        UtlsTlsStrategy tls = new UtlsTlsStrategy(UtlsSslContext.builder()
                .profile(profile)
                .trustStore(TestPki.SERVERS.trustStore())
                .build());
        reactor.start();
        try (TestServer server = peer.start().get()) {
            ExecutorService users = Executors.newFixedThreadPool(CONCURRENCY);
            for (int i = 0; i < CONCURRENCY; i++) {
                users.execute(() -> work(tls, server.address(), peer));
            }
            users.shutdown();
            assertThat(users.awaitTermination(120, TimeUnit.SECONDS))
                    .as("in time; outcomes %s", outcomes)
                    .isTrue();
        }
        assertThat(outcomes).as(peer.name()).containsExactly(Map.entry("200", REQUESTS));
    }

    private void work(UtlsTlsStrategy tls, SocketAddress address, Peer peer) {
        for (int number = next.getAndIncrement(); number < REQUESTS; number = next.getAndIncrement()) {
            String outcome;
            try {
                outcome = send(tls, address, number, peer);
            } catch (Exception ex) {
                outcome = ex.toString();
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }

    /** Sends a request until a connection takes it; returns what came of it. */
    private String send(UtlsTlsStrategy tls, SocketAddress address, int number, Peer peer) throws Exception {
        while (true) {
            CompletableFuture<Message<HttpResponse, byte[]>> answer = new CompletableFuture<>();
            session(tls, address)
                    .enqueue(
                            new RequestExecutionCommand(
                                    new BasicClientExchangeHandler<>(
                                            request(number, peer),
                                            new BasicResponseConsumer<>(new BasicAsyncEntityConsumer()),
                                            callback(answer)),
                                    HttpCoreContext.create()),
                            Command.Priority.NORMAL);
            try {
                Message<HttpResponse, byte[]> message = answer.get(60, TimeUnit.SECONDS);
                int length = message.getBody() == null ? 0 : message.getBody().length;
                boolean whole = length == length(number, peer) || isUpload(number, peer);
                return message.getHead().getCode() + (whole ? "" : " with " + length + " bytes");
            } catch (ExecutionException ex) {
                if (!(ex.getCause() instanceof RequestNotExecutedException)) {
                    throw ex;
                }
                retried.incrementAndGet();
            }
        }
    }

    private static boolean isUpload(int number, Peer peer) {
        return peer.takesBodies() && number % 4 == 0;
    }

    private static int length(int number, Peer peer) {
        return number % 100 == 1 ? peer.large() : BODY;
    }

    private static AsyncRequestProducer request(int number, Peer peer) {
        String origin = "https://" + CertificateAuthority.SERVER_NAME;
        if (isUpload(number, peer)) {
            return AsyncRequestBuilder.post(origin + "/sum")
                    .setEntity(new BasicAsyncEntityProducer(
                            Exchange.pattern(1 + number % 5_000), ContentType.APPLICATION_OCTET_STREAM))
                    .build();
        }
        return AsyncRequestBuilder.get(origin + "/bytes/" + length(number, peer))
                .addHeader("Cookie", "session=" + number % 7 + "; other=" + number)
                .build();
    }

    /** Returns the connection in use, or a new one where that is at its end. */
    private synchronized IOSession session(UtlsTlsStrategy tls, SocketAddress address) throws Exception {
        IOSession current = session;
        if (current != null && current.isOpen()) {
            return current;
        }
        CompletableFuture<TransportSecurityLayer> secured = new CompletableFuture<>();
        HttpHost target = new HttpHost("https", CertificateAuthority.SERVER_NAME, 443);
        FutureCallback<TransportSecurityLayer> handshake = callback(secured);
        Future<IOSession> connecting = reactor.connect(
                target,
                address,
                null,
                Timeout.ofSeconds(10),
                HttpVersionPolicy.NEGOTIATE,
                new CallbackContribution<>(handshake) {
                    @Override
                    public void completed(IOSession plain) {
                        tls.upgrade((TransportSecurityLayer) plain, target, null, null, handshake);
                    }
                });
        IOSession fresh = connecting.get(10, TimeUnit.SECONDS);
        secured.get(10, TimeUnit.SECONDS);
        session = fresh;
        return fresh;
    }

    private static <T> FutureCallback<T> callback(CompletableFuture<T> future) {
        return new FutureCallback<>() {
            @Override
            public void completed(T result) {
                future.complete(result);
            }

            @Override
            public void failed(Exception ex) {
                future.completeExceptionally(ex);
            }

            @Override
            public void cancelled() {
                future.cancel(false);
            }
        };
    }
}
