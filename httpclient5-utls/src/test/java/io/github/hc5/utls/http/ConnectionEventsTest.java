package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.http.TestClient.Exchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.nio.command.StaleCheckCommand;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.nio.command.PingCommand;
import org.apache.hc.core5.http2.nio.support.BasicPingHandler;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order that {@link ConnectionEvents} promises. */
@Timeout(60)
class ConnectionEventsTest {

    private final TestClient client = TestClient.ours();
    private final RecordingOwner owner = new RecordingOwner(HttpVersionPolicy.FORCE_HTTP_2);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void orderlyEndByThePeer() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake(3, 7);
            connection.ping();
            int stream = connection.request();
            connection.settings(3, 9);
            connection.settings(4, 70_000);
            connection.respond(stream, "x");
            connection.ping();
            connection.goAway(stream, H2Error.NO_ERROR);
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer.address(), owner);
            client.get(session, "/").body();
            owner.await("ended well");
            assertThat(owner.all())
                    .containsExactly(
                            "started HTTP/2.0 100",
                            "concurrency 7",
                            "concurrency 9",
                            "exchange well",
                            "draining",
                            "ended well");
        }
    }

    @Test
    void settingsWithoutALimitMeanNoLimit() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.readToEnd();
        })) {
            client.connect(peer.address(), owner);
            owner.await("concurrency " + Integer.MAX_VALUE);
        }
    }

    @Test
    void drainingComesBeforeTheFailureOfRefusedRequests() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.request();
            connection.goAway(0, H2Error.NO_ERROR);
            connection.readToEnd();
        })) {
            Exchange refused = client.get(client.connect(peer.address(), owner), "/");
            refused.failure();
            owner.await("ended well");
            assertThat(owner.all()).endsWith("draining", "exchange RequestNotExecutedException", "ended well");
        }
    }

    @Test
    void lossOfTheConnectionFailsItsExchanges() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            connection.request();
        })) {
            Exchange lost = client.get(client.connect(peer.address(), owner), "/");
            lost.failure();
            owner.await("draining");
            owner.await("exchange ConnectionClosedException");
            owner.await("ended well");
        }
    }

    @Test
    void violationOfTheProtocolIsNamed() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            connection.send(H2Frames.DATA, 0, stream + 2, new byte[1]);
            H2Peer.Frame goAway = connection.read(H2Frames.GOAWAY);
            assertThat(goAway.int32(4)).isEqualTo(H2Error.PROTOCOL_ERROR.getCode());
            connection.readToEnd();
        })) {
            Exchange lost = client.get(client.connect(peer.address(), owner), "/");
            assertThat(lost.failure()).hasMessageContaining("stream 3, which is idle");
            owner.await("ended H2ConnectionException");
            peer.await();
        }
    }

    @Test
    void answeredPingIsReportedAndHandedOn() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            H2Peer.Frame ping = connection.read(H2Frames.PING);
            connection.send(H2Frames.PING, H2Frames.ACK, 0, ping.payload());
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer.address(), owner);
            CompletableFuture<Boolean> answered = new CompletableFuture<>();
            session.enqueue(new PingCommand(new BasicPingHandler(answered::complete)), Command.Priority.NORMAL);
            assertThat(answered.get(10, TimeUnit.SECONDS)).isTrue();
            owner.await("ping true");
        }
    }

    @Test
    void gracefulShutdownLetsTheExchangeFinish() throws Exception {
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            connection.read(H2Frames.GOAWAY);
            connection.respond(stream, "last");
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer.address(), owner);
            Exchange last = client.get(session, "/");
            session.enqueue(ShutdownCommand.GRACEFUL, Command.Priority.NORMAL);
            assertThat(last.body()).isEqualTo("last");
            owner.await("ended well");
        }
    }

    @Test
    void staleCheckSeesTheGoAway() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            connection.handshake();
            int stream = connection.request();
            gone.get();
            connection.goAway(stream, H2Error.NO_ERROR);
            connection.readToEnd();
        })) {
            IOSession session = client.connect(peer.address(), owner);
            client.get(session, "/");
            assertThat(isFresh(session)).isTrue();
            gone.complete(null);
            owner.await("draining");
            assertThat(isFresh(session)).isFalse();
        }
    }

    private static boolean isFresh(IOSession session) throws Exception {
        CompletableFuture<Boolean> fresh = new CompletableFuture<>();
        session.enqueue(new StaleCheckCommand(fresh::complete), Command.Priority.NORMAL);
        return fresh.get(10, TimeUnit.SECONDS);
    }
}
