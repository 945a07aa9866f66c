package io.github.hc5.utls.http;

import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/** Stands for the owner of a session that nobody watches. */
record SilentOwner(HttpVersionPolicy versionPolicy) implements ConnectionEvents {

    /** Returns whom an attachment names: itself, a version policy alone, or nobody. */
    static ConnectionEvents of(@Nullable Object attachment) {
        if (attachment instanceof ConnectionEvents events) {
            return events;
        }
        return new SilentOwner(attachment instanceof HttpVersionPolicy policy ? policy : HttpVersionPolicy.NEGOTIATE);
    }

    @Override
    public void protocolStarted(ProtocolVersion version, int maxExchanges) {}

    @Override
    public void concurrencyChanged(int maxExchanges) {}

    @Override
    public void draining() {}

    @Override
    public void exchangeEnded(@Nullable Exception cause) {}

    @Override
    public void pingAnswered(long roundTripNanos) {}

    @Override
    public void ended(@Nullable Exception cause) {}
}
