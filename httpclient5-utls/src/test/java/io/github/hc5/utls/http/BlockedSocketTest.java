package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.http.TestClient.Exchange;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A peer that has stopped reading: the socket takes nothing and no event comes. What is to fail fails all the same, at the
 * reactor's next look at timeouts.
 */
class BlockedSocketTest {

    private static final Timeout OWN = Timeout.ofMinutes(3);

    private final ManualTimer timer = new ManualTimer();
    private final Deque<Command> commands = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean takes = true;
    private int mask = SelectionKey.OP_READ;
    private Timeout timeout = OWN;
    private final ProtocolIOSession session = (ProtocolIOSession)
            Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ProtocolIOSession.class}, this::invoke);
    private final IOEventHandler handler = UtlsEventHandlerFactory.builder()
            .setTimer(timer)
            .build()
            .createHandler(session, HttpVersionPolicy.FORCE_HTTP_2);

    private @Nullable Object invoke(Object self, Method method, Object @Nullable [] args) {
        Object first = args == null ? null : args[0];
        return switch (method.getName()) {
            case "isOpen" -> true;
            case "getStatus" -> IOSession.Status.ACTIVE;
            case "getLock" -> lock;
            case "getEventMask" -> mask;
            case "setEvent" -> {
                mask |= (Integer) Objects.requireNonNull(first);
                yield null;
            }
            case "clearEvent" -> {
                mask &= ~(Integer) Objects.requireNonNull(first);
                yield null;
            }
            case "getSocketTimeout" -> timeout;
            case "setSocketTimeout" -> {
                timeout = (Timeout) Objects.requireNonNull(first);
                yield null;
            }
            case "enqueue" -> commands.add((Command) Objects.requireNonNull(first));
            case "poll" -> commands.poll();
            case "hasCommands" -> !commands.isEmpty();
            case "write" -> {
                ByteBuffer source = (ByteBuffer) Objects.requireNonNull(first);
                int count = takes ? source.remaining() : 0;
                source.position(source.position() + count);
                yield count;
            }
            case "read" -> 0;
            case "getId", "toString" -> "blocked";
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == first;
            default -> null;
        };
    }

    private Exchange get(@Nullable Timeout responseTimeout) throws Exception {
        HttpCoreContext context = HttpCoreContext.create();
        context.setAttribute(ExchangeAttributes.RESPONSE_TIMEOUT, responseTimeout);
        try (TestClient client = TestClient.ours()) {
            return client.execute(session, TestClient.request("GET", "/").build(), context);
        }
    }

    /** What HttpCore's reactor does from time to time. */
    private void lookAtTimeouts() throws Exception {
        if (!timeout.equals(OWN)) {
            handler.timeout(session, timeout);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        handler.connected(session);
        takes = false;
    }

    @Test
    void aResponseTimeoutHolds() throws Exception {
        Exchange exchange = get(Timeout.ofSeconds(5));
        handler.outputReady(session);
        lookAtTimeouts();
        timer.advance(Duration.ofSeconds(5));
        assertThat(exchange.isDone()).isFalse();

        lookAtTimeouts();

        assertThat(exchange.failure()).isInstanceOf(SocketTimeoutException.class);
        assertThat(timeout).isEqualTo(OWN);
    }

    @Test
    void aCancelledExchangeEnds() throws Exception {
        Exchange exchange = get(null);
        Exchange other = get(null);
        handler.outputReady(session);
        exchange.cancel();

        lookAtTimeouts();

        assertThat(exchange.isDone()).isTrue();
        assertThat(other.isDone()).isFalse();
        assertThat(timeout).isEqualTo(OWN);
    }

    @Test
    void theTimeoutOfTheSessionItselfStillHolds() throws Exception {
        Exchange exchange = get(null);
        handler.outputReady(session);

        handler.timeout(session, OWN);

        assertThat(exchange.failure()).hasMessageContaining(OWN.toString());
    }
}
