package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.OperationTimeoutException;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.RetriesExhaustedException;
import io.github.hc5.utls.resilience.TimeoutSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a request by the fault that meets it: the tries, the waits, the addresses, the outcome. */
@Timeout(60)
class FaultTableTest {

    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final FaultTable table = new FaultTable();
    private final Deque<Fault> script = new ArrayDeque<>();

    private synchronized Fault next() {
        Fault fault = script.poll();
        return fault == null ? Fault.NONE : fault;
    }

    private FaultServer server(int addresses) throws IOException {
        return new FaultServer(
                10, addresses, () -> DATE.format(table.time.instant().plusSeconds(4)), (local, id) -> next());
    }

    private FaultTable.Result send(HotConnectionManager manager, FaultServer server) throws Exception {
        return table.send(manager, FaultTable.get("http", server.port()));
    }

    private static final int BACKOFF = -1;

    static Stream<Arguments> faults() {
        // the fault, how often, the tries of a GET, its status, the wait asked for in ms, the window in s
        return Stream.of(
                Arguments.of(Fault.RESET_BEFORE_RESPONSE, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_BEFORE_RESPONSE, 9, 3, 0, BACKOFF, 10),
                Arguments.of(Fault.RESET_AFTER_EXECUTION, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_IN_HEADERS, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_AFTER_HEADERS, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_IN_BODY, 2, 3, 200, BACKOFF, 10),
                Arguments.of(Fault.RESET_IN_BODY, 9, 3, 0, BACKOFF, 10),
                Arguments.of(Fault.WRONG_LENGTH, 1, 2, 200, BACKOFF, 10),
                Arguments.of(Fault.WRONG_LENGTH, 9, 3, 0, BACKOFF, 10),
                Arguments.of(Fault.STALL_BEFORE_RESPONSE, 1, 2, 200, BACKOFF, 10),
                Arguments.of(Fault.STALL_BEFORE_RESPONSE, 9, 3, 0, BACKOFF, 10),
                Arguments.of(Fault.STALL_IN_HEADERS, 1, 2, 200, BACKOFF, 10),
                Arguments.of(Fault.STALL_IN_BODY, 1, 2, 200, BACKOFF, 10),
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
            FaultTable.Result result = send(manager, server);
            int addresses = new HashSet<>(server.asked).size();

            table.row(fault + " x " + times, tries, addresses, result, window);
            assertThat(result.status()).as(String.valueOf(result.failure())).isEqualTo(status);
            assertThat(server.requests).hasValue(tries);
            if (asked == BACKOFF) {
                table.backedOff(tries);
            } else {
                assertThat(table.waited()).isBetween((long) asked, asked + 1000L);
            }
            if (status == 200) {
                assertThat(result.body()).isEqualTo("hello");
            }
            if (status == 0) {
                FaultTable.exhausted(result, tries);
            }
            if (!fault.name().startsWith("BUSY")) {
                assertThat(addresses).as("each try asks another address").isEqualTo(tries);
            }
        }
    }

    @Test
    void aLongBodyOfUnknownLengthIsHandedOnAsItComes() throws Exception {
        try (FaultServer server = server(1);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            script.add(Fault.LONG_BODY);
            FaultTable.Result result = send(manager, server);

            assertThat(result.status()).as("%s", result.failure()).isEqualTo(200);
            assertThat(result.body()).isEqualTo("x".repeat(1 << 20));
            assertThat(server.requests).hasValue(1);
        }
    }

    /** The response timeout is for each wait and not for the whole: a quarter of it passes before each byte. */
    @Test
    void aSlowBodyIsReadToItsEnd() throws Exception {
        try (FaultServer server = server(2);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build()) {
            script.add(Fault.SLOW_BODY);
            Resilience resilience = table.resilience(manager)
                    .timeouts(TimeoutSettings.builder()
                            .response(FaultServer.SLOW_PAUSE.multipliedBy(4))
                            .build())
                    .build();
            FaultTable.Result result =
                    FaultTable.send(World.client(manager, resilience), FaultTable.get("http", server.port()));

            table.row("SLOW_BODY", 1, 1, result, 30);
            assertThat(result.status()).as("%s", result.failure()).isEqualTo(200);
            assertThat(result.body()).isEqualTo("hello");
            assertThat(server.requests).hasValue(1);
        }
    }

    /** What a server sends beyond the length that it told must not become the answer to the next request. */
    @Test
    void whatFollowsABodyIsNoAnswer() throws Exception {
        try (FaultServer server = server(1);
                HotConnectionManager manager =
                        World.manager(server.addresses, 4).build();
                CloseableHttpAsyncClient client =
                        World.client(manager, table.resilience(manager).build())) {
            for (int i = 0; i < 5; i++) {
                script.add(Fault.SECOND_ANSWER);
            }
            for (int i = 0; i < 5; i++) {
                FaultTable.Result result = FaultTable.send(client, FaultTable.get("http", server.port()));
                assertThat(result.status()).as("%s", result.failure()).isEqualTo(200);
                assertThat(result.body()).isEqualTo("hello");
            }
            table.row("SECOND_ANSWER x 5", 5, 1, new FaultTable.Result(200, "hello", null), 30);
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
            FaultTable.Result result = table.send(manager, FaultTable.post("http", server.port()));

            assertThat(result.status()).isNotEqualTo(200);
            assertThat(server.requests).hasValue(1);
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
            FaultTable.Result result =
                    FaultTable.send(World.client(manager, resilience), FaultTable.get("http", server.port()));

            // the response timeout is cut to what is left of the operation: either may strike first
            assertThat(result.failure())
                    .isInstanceOfAny(
                            OperationTimeoutException.class,
                            RetriesExhaustedException.class,
                            SocketTimeoutException.class);
            assertThat(server.requests.get()).isBetween(1, 3);
        }
    }
}
