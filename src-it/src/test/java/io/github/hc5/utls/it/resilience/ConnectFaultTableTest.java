package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.it.pool.Clients;
import io.github.hc5.utls.it.pool.FrameServer;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolSettings;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults that meet a request before it has been sent: the name, the connect, the handshake, the sending itself. */
@Timeout(60)
class ConnectFaultTableTest {

    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};

    private final FaultTable table = new FaultTable();

    private static FaultServer server(int addresses) throws Exception {
        return new FaultServer(30, addresses, () -> "", (local, id) -> Fault.NONE);
    }

    private static List<InetAddress> addresses(int... hosts) throws UnknownHostException {
        InetAddress[] made = new InetAddress[hosts.length];
        for (int i = 0; i < hosts.length; i++) {
            made[i] = InetAddress.getByAddress(new byte[] {127, 0, 8, (byte) hosts[i]});
        }
        return List.of(made);
    }

    @Test
    void aNameThatIsNotFoundIsTriedThreeTimes() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        InMemoryDnsResolver nothing = new InMemoryDnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                asked.incrementAndGet();
                return super.resolve(host);
            }
        };
        try (HotConnectionManager manager =
                World.manager(List.of(), 4).setDnsResolver(nothing).build()) {
            FaultTable.Result result = table.send(manager, FaultTable.post("http", 80));

            table.row("DNS", 3, 0, result, 15);
            FaultTable.exhausted(result, 3);
            assertThat(result.failure()).hasCauseInstanceOf(UnknownHostException.class);
            table.backedOff(3);
            assertThat(asked.get()).isBetween(1, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aRefusedConnectionIsTriedThreeTimes(String method) throws Exception {
        try (FaultServer server = server(2);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            int port = server.port();
            server.die();
            FaultTable.Result result = table.send(
                    manager, method.equals("GET") ? FaultTable.get("http", port) : FaultTable.post("http", port));

            table.row("REFUSED for a " + method, 3, 2, result, 15);
            FaultTable.exhausted(result, 3);
            assertThat(String.valueOf(result.failure()))
                    .contains(server.addresses.get(0).getHostAddress())
                    .contains(server.addresses.get(1).getHostAddress());
            table.backedOff(3);
        }
    }

    @Test
    void anAddressThatRefusesOrDoesNotAnswerIsPassedOverWithinTheConnect() throws Exception {
        try (FaultServer server = server(3);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            int port = server.port();
            server.die(server.addresses.get(0));
            try (FullBacklog silent = new FullBacklog(server, server.addresses.get(1));
                    CloseableHttpAsyncClient client =
                            World.client(manager, table.resilience(manager).build())) {
                FaultTable.Result result = new FaultTable.Result(0, "", null);
                for (int i = 0; i < 6; i++) {
                    result = FaultTable.send(client, FaultTable.get("http", port));
                    assertThat(result.status())
                            .as("%s %s", result.failure(), silent)
                            .isEqualTo(200);
                }
                // a stagger or the connect timeout, twice at the most, for all six
                table.row("REFUSED and CONNECT_STALL of 3 addresses, 6 requests", 6, 3, result, 15);
                assertThat(server.requests).hasValue(6);
                assertThat(new HashSet<>(server.asked)).containsExactly(server.addresses.get(2));
                assertThat(table.time.waits).as("no try but the first").isEmpty();
            }
        }
    }

    @Test
    void aConnectWithoutAnswerIsTriedThreeTimes() throws Exception {
        try (FaultServer server = server(1);
                FullBacklog silent = new FullBacklog(server, server.addresses.get(0));
                HotConnectionManager manager = World.manager(server.addresses, 4)
                        .setPoolSettings(PoolSettings.builder()
                                .connectTimeout(Duration.ofMillis(200))
                                .build())
                        .build()) {
            FaultTable.Result result = table.send(manager, FaultTable.get("http", server.port()));

            table.row("CONNECT_STALL", 3, 1, result, 15);
            FaultTable.exhausted(result, 3);
            table.backedOff(3);
            assertThat(server.requests).as("%s", silent).hasValue(0);
        }
    }

    @Test
    void aTlsAlertIsNotRepeated() throws Exception {
        List<InetAddress> addresses = addresses(40);
        try (RawPeers peers = new RawPeers(addresses, 0, HANDSHAKE_FAILURE);
                HotConnectionManager manager = World.manager(addresses, 4).build()) {
            FaultTable.Result result = table.send(manager, FaultTable.get("https", peers.port()));

            table.row("TLS_ALERT", 1, 1, result, 15);
            assertThat(result.failure()).isInstanceOf(SSLException.class);
            assertThat(peers.connections()).isEqualTo(1);
            assertThat(table.time.waits).isEmpty();
        }
    }

    @Test
    void aStalledHandshakeIsTriedThreeTimes() throws Exception {
        List<InetAddress> addresses = addresses(41);
        try (RawPeers peers = new RawPeers(addresses, 0, null);
                HotConnectionManager manager = World.manager(addresses, 4).build()) {
            FaultTable.Result result = table.send(manager, FaultTable.post("https", peers.port()));

            table.row("TLS_STALL", 3, 1, result, 15);
            FaultTable.exhausted(result, 3);
            assertThat(peers.connections()).as("%s", result.failure()).isEqualTo(3);
            table.backedOff(3);
        }
    }

    /** Answers each request with 200. */
    private static final class Ok extends ChannelInboundHandlerAdapter {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the outcome shows at the client
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame headers) {
                context.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), true)
                        .stream(headers.stream()));
            }
            ReferenceCountUtil.release(message);
        }
    }

    @ParameterizedTest(name = "alert: {0}")
    @ValueSource(booleans = {true, false})
    void anAddressWhoseHandshakeFailsIsPassedOverWithinTheConnect(boolean alert) throws Exception {
        List<InetAddress> bad = addresses(42);
        try (FrameServer good = FrameServer.http2(Ok::new)) {
            URI uri = URI.create(good.uri("/"));
            InMemoryDnsResolver dns = new InMemoryDnsResolver();
            dns.add(uri.getHost(), bad.get(0), InetAddress.getLoopbackAddress());
            try (RawPeers peers = new RawPeers(bad, uri.getPort(), alert ? HANDSHAKE_FAILURE : null);
                    HotConnectionManager manager = Clients.hot()
                            .setDnsResolver(dns)
                            .setPoolSettings(PoolSettings.builder()
                                    // an alert needs no patience
                                    .handshakeTimeout(Duration.ofSeconds(alert ? 30 : 2))
                                    .closeTimeout(Duration.ZERO)
                                    .build())
                            .build()) {
                FaultTable.Result result = table.send(
                        manager, SimpleRequestBuilder.get(uri.toString()).build());

                table.row(alert ? "TLS_ALERT of 2 addresses" : "TLS_STALL of 2 addresses", 1, 2, result, 15);
                assertThat(result.status()).as("%s", result.failure()).isEqualTo(200);
                assertThat(peers.connections()).isEqualTo(1);
                assertThat(table.time.waits).as("no try but the first").isEmpty();
            }
        }
    }

    /** A body larger than what the kernel takes off the sender's hands, to a peer that reads the first of it. */
    @Test
    void aStalledUploadIsTriedThreeTimesEachTimeAtAnotherAddress() throws Exception {
        List<InetAddress> addresses = addresses(43, 44, 45, 46);
        try (RawPeers peers = new RawPeers(addresses, 0, null);
                HotConnectionManager manager = World.manager(addresses, 4).build()) {
            SimpleHttpRequest put = SimpleRequestBuilder.put("http://" + World.HOST + ":" + peers.port() + "/")
                    .setBody("x".repeat(8 << 20).getBytes(StandardCharsets.US_ASCII), ContentType.TEXT_PLAIN)
                    .build();
            FaultTable.Result result = table.send(manager, put);

            table.row("SEND_STALL", 3, peers.connections(), result, 10);
            FaultTable.exhausted(result, 3);
            assertThat(peers.connections()).isEqualTo(3);
            table.backedOff(3);
        }
    }
}
