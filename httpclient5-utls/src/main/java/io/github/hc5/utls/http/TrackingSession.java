package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;

/**
 * A session whose commands carry exchanges that tell their end, and that fails where the end of input would be taken for
 * that of a response although the peer has not announced it.
 */
final class TrackingSession extends ForwardingSession {

    private final ConnectionEvents events;
    private final Consumer<@Nullable Exception> exchangeEnded;
    private @Nullable TrackedExchange current;

    /** Whether anything has come since the exchange was begun. */
    private boolean received;

    TrackingSession(ProtocolIOSession session, ConnectionEvents events, Consumer<@Nullable Exception> exchangeEnded) {
        super(session);
        this.events = events;
        this.exchangeEnded = exchangeEnded;
    }

    @Override
    public @Nullable Command poll() {
        Command command = super.poll();
        if (!(command instanceof RequestExecutionCommand execution)) {
            return command;
        }
        TrackedExchange exchange = new TrackedExchange(execution.getExchangeHandler(), exchangeEnded);
        current = exchange;
        received = false;
        return new RequestExecutionCommand(
                exchange,
                execution.getPushHandlerFactory(),
                execution.getCancellableDependency(),
                execution.getContext());
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int read = super.read(dst);
        if (read > 0) {
            received();
        } else if (read < 0 && received && current != null && current.isEndedByClose() && !events.isEndAnnounced()) {
            throw new ConnectionClosedException(
                    "Connection closed without close_notify before the end of the response");
        }
        return read;
    }

    void received() {
        received = true;
    }
}
