package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolSettings;
import io.github.hc5.utls.resilience.OperationTimeoutException;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.RetriesExhaustedException;
import io.github.hc5.utls.resilience.TimeoutSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a request by the fault that meets it: the tries, the waits, the addresses, the outcome. */
@Timeout(60)
class FaultTableTest {

    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final JumpingTime time = new JumpingTime();
    private final Deque<Fault> script = new ArrayDeque<>();

    private synchronized Fault next() {
        Fault fault = script.poll();
        return fault == null ? Fault.NONE : fault;
    }

    private FaultServer server(int addresses) throws IOException {
        return new FaultServer(10, addresses, () -> DATE.format(time.instant().plusSeconds(4)), (local, id) -> next());
    }

    private Resilience.Builder resilience(HotConnectionManager manager) {
        return World.resilience(manager)
                .scheduler(time)
                .timeouts(TimeoutSettings.builder()
                        .response(Duration.ofMillis(300))
                        .build());
    }

    private record Result(int status, String body, @Nullable Throwable failure) {}

    private static Result send(CloseableHttpAsyncClient client, SimpleHttpRequest request) throws Exception {
        try {
            SimpleHttpResponse response = client.execute(request, null).get(50, TimeUnit.SECONDS);
            return new Result(response.getCode(), response.getBodyText(), null);
        } catch (ExecutionException e) {
            return new Result(0, "", e.getCause());
        }
    }

    private static SimpleHttpRequest get(int port) {
        return SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/")
                .build();
    }

    private static final int BACKOFF = -1;

    static Stream<Arguments> faults() {
        // the fault, how often, the tries of a GET, its status, the wait asked for in ms, the window in s
        return Stream.of(
                Arguments.of(Fault.RESET_BEFORE_RESPONSE, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_BEFORE_RESPONSE, 9, 3, 0, BACKOFF, 10),
                Arguments.of(Fault.RESET_AFTER_EXECUTION, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_IN_HEADERS, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_IN_BODY, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_IN_BODY, 9, 3, 0, BACKOFF, 10),
                Arguments.of(Fault.WRONG_LENGTH, 1, 2, 200, BACKOFF, 10),
                Arguments.of(Fault.STALL_BEFORE_RESPONSE, 1, 2, 200, BACKOFF, 10),
                Arguments.of(Fault.STALL_BEFORE_RESPONSE, 9, 3, 0, BACKOFF, 10),
                Arguments.of(Fault.STALL_IN_HEADERS, 1, 2, 200, BACKOFF, 10),
                Arguments.of(Fault.STALL_IN_BODY, 1, 2, 200, BACKOFF, 10),
                Arguments.of(Fault.SLOW_BODY, 1, 1, 200, BACKOFF, 10),
                Arguments.of(Fault.FORBIDDEN, 1, 2, 200, BACKOFF, 30),
                Arguments.of(Fault.FORBIDDEN, 9, 2, 403, BACKOFF, 30),
                Arguments.of(Fault.BUSY, 4, 5, 200, BACKOFF, 30),
                Arguments.of(Fault.BUSY, 9, 5, 503, BACKOFF, 30),
                Arguments.of(Fault.BUSY_FOR_TWO_SECONDS, 2, 3, 200, 4000, 30),
                Arguments.of(Fault.BUSY_UNTIL_A_DATE, 1, 2, 200, 3000, 30),
                Arguments.of(Fault.BUSY_FOR_AN_HOUR, 1, 1, 503, BACKOFF, 30),
                Arguments.of(Fault.ERROR, 1, 1, 500, BACKOFF, 30));
    }

    @ParameterizedTest(name = "{0} x {1}: {2} tries, {3}")
    @MethodSource("faults")
    void aGetIsTriedAsTheTableSays(Fault fault, int times, int tries, int status, int asked, int window)
            throws Exception {
        try (FaultServer server = server(4);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            for (int i = 0; i < times; i++) {
                script.add(fault);
            }
            long start = time.nanoTime();
            Result result = send(World.client(manager, resilience(manager).build()), get(server.port()));
            long elapsedMillis = (time.nanoTime() - start) / 1_000_000;
            int addresses = new HashSet<>(server.asked).size();

            row(fault + " x " + times, tries, time.waits, addresses, result, elapsedMillis);
            assertThat(result.status()).as(String.valueOf(result.failure())).isEqualTo(status);
            assertThat(server.requests).hasValue(tries);
            long waited = time.waits.stream().mapToLong(w -> w).sum();
            if (asked == BACKOFF) {
                // 100 ms at most before the second try, doubled before each further one
                assertThat(waited).isLessThanOrEqualTo(100L * ((1 << (tries - 1)) - 1));
            } else {
                assertThat(waited).isBetween((long) asked, asked + 1000L);
            }
            assertThat(elapsedMillis).as("the time, with what was waited").isLessThan(window * 1000L);
            if (status == 200) {
                assertThat(result.body()).isEqualTo("hello");
            }
            if (status == 0) {
                assertThat(result.failure()).isInstanceOf(RetriesExhaustedException.class);
                assertThat(((RetriesExhaustedException) result.failure()).attempts())
                        .isEqualTo(tries);
                assertThat(result.failure().getSuppressed()).hasSize(tries - 1);
            }
            if (!fault.name().startsWith("BUSY")) {
                assertThat(addresses).as("each try asks another address").isEqualTo(tries);
            }
        }
    }

    /** One line of the table, for whoever reads the build's output. */
    private static void row(
            String fault, int tries, List<Long> waits, int addresses, Result result, long elapsedMillis) {
        System.out.printf(
                "| %s | %d tries | waits %s ms | %d addresses | %s | %d ms |%n",
                fault,
                tries,
                waits,
                addresses,
                result.failure() == null
                        ? String.valueOf(result.status())
                        : result.failure().getClass().getSimpleName(),
                elapsedMillis);
    }

    @Test
    void aLongBodyOfUnknownLengthIsHandedOnAsItComes() throws Exception {
        try (FaultServer server = server(1);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            script.add(Fault.LONG_BODY);
            Result result = send(World.client(manager, resilience(manager).build()), get(server.port()));

            assertThat(result.status()).as("%s", result.failure()).isEqualTo(200);
            assertThat(result.body()).isEqualTo("x".repeat(1 << 20));
            assertThat(server.requests).hasValue(1);
        }
    }

    @Test
    void anAddressThatRefusesOrDoesNotAnswerIsPassedOverWithinTheConnect() throws Exception {
        try (FaultServer server = server(3);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            int port = server.port();
            server.die(server.addresses.get(0));
            try (FullBacklog silent = new FullBacklog(server, server.addresses.get(1))) {
                CloseableHttpAsyncClient client =
                        World.client(manager, resilience(manager).build());
                for (int i = 0; i < 6; i++) {
                    Result result = send(client, get(port));
                    assertThat(result.status())
                            .as("%s %s", result.failure(), silent)
                            .isEqualTo(200);
                }
                assertThat(server.requests).hasValue(6);
                assertThat(new HashSet<>(server.asked)).containsExactly(server.addresses.get(2));
                assertThat(time.waits).as("no try but the first").isEmpty();
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
            long start = time.nanoTime();
            Result result = send(World.client(manager, resilience(manager).build()), get(server.port()));

            row("CONNECT_STALL", 3, time.waits, 1, result, (time.nanoTime() - start) / 1_000_000);
            assertThat(result.failure()).as("%s", silent).isInstanceOf(RetriesExhaustedException.class);
            assertThat(((RetriesExhaustedException) result.failure()).attempts())
                    .isEqualTo(3);
            assertThat(time.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(15));
            assertThat(server.requests).hasValue(0);
        }
    }

    static Stream<Fault> faultsOfAPost() {
        return Stream.of(
                Fault.RESET_BEFORE_RESPONSE,
                Fault.RESET_AFTER_EXECUTION,
                Fault.RESET_IN_BODY,
                Fault.STALL_BEFORE_RESPONSE,
                Fault.BUSY,
                Fault.FORBIDDEN);
    }

    @ParameterizedTest
    @MethodSource("faultsOfAPost")
    void aPostThatMayHaveBeenSeenIsNotRepeated(Fault fault) throws Exception {
        try (FaultServer server = server(4);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            script.add(fault);
            SimpleHttpRequest post = SimpleRequestBuilder.post("http://" + World.HOST + ":" + server.port() + "/")
                    .setBody("x", ContentType.TEXT_PLAIN)
                    .build();
            Result result = send(World.client(manager, resilience(manager).build()), post);

            assertThat(result.status()).isNotEqualTo(200);
            assertThat(server.requests).hasValue(1);
        }
    }

    @Test
    void aRefusedConnectionIsTriedThreeTimesEvenForAPost() throws Exception {
        try (FaultServer server = server(1);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            int port = server.port();
            server.die();
            SimpleHttpRequest post = SimpleRequestBuilder.post("http://" + World.HOST + ":" + port + "/")
                    .setBody("x", ContentType.TEXT_PLAIN)
                    .build();
            Result result = send(World.client(manager, resilience(manager).build()), post);

            assertThat(result.failure()).isInstanceOf(RetriesExhaustedException.class);
            assertThat(((RetriesExhaustedException) result.failure()).attempts())
                    .isEqualTo(3);
        }
    }

    @Test
    void aNameThatIsNotFoundIsTriedThreeTimes() throws Exception {
        try (HotConnectionManager manager = World.manager(List.of(), 4).build()) {
            Result result = send(World.client(manager, resilience(manager).build()), get(80));

            assertThat(result.failure())
                    .isInstanceOf(RetriesExhaustedException.class)
                    .hasCauseInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void theDeadlineEndsAllTriesTogether() throws Exception {
        try (FaultServer server = server(4);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            for (int i = 0; i < 9; i++) {
                script.add(Fault.STALL_BEFORE_RESPONSE);
            }
            Resilience resilience = World.resilience(manager)
                    .timeouts(TimeoutSettings.builder()
                            .operation(Duration.ofMillis(400))
                            .build())
                    .build();
            Result result = send(World.client(manager, resilience), get(server.port()));

            // the response timeout is cut to what is left of the operation: either may strike first
            assertThat(result.failure())
                    .isInstanceOfAny(
                            OperationTimeoutException.class,
                            RetriesExhaustedException.class,
                            SocketTimeoutException.class);
            assertThat(server.requests.get()).isBetween(1, 3);
        }
    }

    /** A peer that reads what comes and answers as it is told; null: not at all. */
    private static ServerSocket rawPeer(InetAddress address, byte @Nullable [] answer, AtomicInteger connections)
            throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(address, 0));
        daemon(() -> {
            try {
                while (!listener.isClosed()) {
                    Socket socket = listener.accept();
                    connections.incrementAndGet();
                    daemon(() -> answer(socket, answer));
                }
            } catch (IOException e) {
                // closed
            }
        });
        return listener;
    }

    private static void answer(Socket socket, byte @Nullable [] answer) {
        try {
            int read = socket.getInputStream().read(new byte[4096]);
            if (read > 0 && answer != null) {
                socket.getOutputStream().write(answer);
                socket.close();
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "raw-peer");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void aTlsAlertIsNotRepeated() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        InetAddress address = InetAddress.getLoopbackAddress();
        byte[] handshakeFailure = {21, 3, 3, 0, 2, 2, 40};
        try (ServerSocket peer = rawPeer(address, handshakeFailure, connections);
                HotConnectionManager manager =
                        World.manager(List.of(address), 4).build()) {
            Result result = send(
                    World.client(manager, resilience(manager).build()),
                    SimpleRequestBuilder.get("https://" + World.HOST + ":" + peer.getLocalPort() + "/")
                            .build());

            assertThat(result.failure()).isInstanceOf(SSLException.class);
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void aStalledHandshakeIsTriedThreeTimes() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        InetAddress address = InetAddress.getLoopbackAddress();
        try (ServerSocket peer = rawPeer(address, null, connections);
                HotConnectionManager manager =
                        World.manager(List.of(address), 4).build()) {
            Result result = send(
                    World.client(manager, resilience(manager).build()),
                    SimpleRequestBuilder.post("https://" + World.HOST + ":" + peer.getLocalPort() + "/")
                            .setBody("x".getBytes(StandardCharsets.US_ASCII), ContentType.TEXT_PLAIN)
                            .build());

            assertThat(result.failure()).isInstanceOf(RetriesExhaustedException.class);
            assertThat(connections).as(String.valueOf(result.failure())).hasValue(3);
        }
    }
}
