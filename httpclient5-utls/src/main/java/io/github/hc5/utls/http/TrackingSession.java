package io.github.hc5.utls.http;

import java.util.function.Consumer;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;

/** A session whose commands carry exchanges that tell their end. */
final class TrackingSession extends ForwardingSession {

    private final Consumer<@Nullable Exception> exchangeEnded;

    TrackingSession(ProtocolIOSession session, Consumer<@Nullable Exception> exchangeEnded) {
        super(session);
        this.exchangeEnded = exchangeEnded;
    }

    @Override
    public @Nullable Command poll() {
        Command command = super.poll();
        if (!(command instanceof RequestExecutionCommand execution)) {
            return command;
        }
        return new RequestExecutionCommand(
                new TrackedExchange(execution.getExchangeHandler(), exchangeEnded),
                execution.getPushHandlerFactory(),
                execution.getCancellableDependency(),
                execution.getContext());
    }
}
