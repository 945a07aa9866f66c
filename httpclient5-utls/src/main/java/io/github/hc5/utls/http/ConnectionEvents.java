package io.github.hc5.utls.http;

import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a session's protocol handler tells the owner of the connection.
 *
 * <p>The owner dials with itself as the attachment of the connect request, so the {@code attachment} that
 * {@link org.apache.hc.core5.reactor.IOEventHandlerFactory#createHandler} receives is a {@code ConnectionEvents}
 * whenever a pool opened the session, and anything else (or {@code null}) when nobody listens.
 *
 * <h2>Threads</h2>
 *
 * <p>Every method but {@link #versionPolicy()} and {@link #clientKey()} is called on the I/O thread of the session, never concurrently for one
 * session, and never while the session's lock ({@code IOSession.getLock()}) or any other lock of the handler is held.
 * The owner returns promptly and throws nothing; it may call back into the session ({@code enqueue}, {@code close})
 * from inside.
 *
 * <h2>Order</h2>
 *
 * <ol>
 *   <li>{@link #protocolStarted} at least once; a second time only when TLS was started on the live session (a tunnel
 *       through a proxy, or an upgrade to TLS) and the protocol has been chosen anew.
 *   <li>{@link #concurrencyChanged}, {@link #pingAnswered} and {@link #exchangeEnded} any number of times.
 *   <li>{@link #draining} at most once; afterwards only {@code pingAnswered}, {@code exchangeEnded} and {@code ended}.
 *   <li>{@link #ended} exactly once and last, even when {@code protocolStarted} was never called.
 * </ol>
 */
public interface ConnectionEvents {

    /**
     * Returns what the handler is to speak, fixed for the life of the session. {@code NEGOTIATE} means: what ALPN says
     * after a TLS handshake, HTTP/1.1 where there is no TLS or no ALPN answer. {@code FORCE_HTTP_2} without TLS means
     * HTTP/2 with prior knowledge. On a session that is to become a tunnel this is {@code NEGOTIATE} or
     * {@code FORCE_HTTP_1}, whatever is to be spoken inside the tunnel: HTTP/1.1 first, and by ALPN after TLS.
     */
    HttpVersionPolicy versionPolicy();

    /** Returns the key that the connection serves alone, such as a cookie jar's name; {@code null}: it serves all. */
    default @Nullable String clientKey() {
        return null;
    }

    /**
     * Offers a shorter way for commands, in place of any offered before. Called just before {@link #protocolStarted}; an
     * owner may ignore it.
     */
    default void intakeOffered(Intake intake) {}

    /**
     * Returns whether an end of input that the session sees now is one that the peer announced. Without TLS any is; with
     * TLS it must have sent a close_notify alert (RFC 8446 section 6.1), since anybody on the way can end a connection.
     */
    default boolean isEndAnnounced() {
        return true;
    }

    /**
     * The handler is ready to take exchanges (commands enqueued before are kept and run now). Called from inside
     * {@code IOEventHandler.connected}, so on a TLS session before the callback of {@code startTls} runs.
     *
     * @param version {@code HTTP/1.1} or {@code HTTP/2}
     * @param maxExchanges how many exchanges the session runs at once: 1 on HTTP/1.1; on HTTP/2 what the handler
     *     assumes until the peer's SETTINGS arrive (RFC 9113 section 6.5.2 recommends that a peer allow 100 or more),
     *     at least 1
     */
    void protocolStarted(ProtocolVersion version, int maxExchanges);

    /**
     * The peer's SETTINGS_MAX_CONCURRENT_STREAMS is known or has changed. Called once when the first SETTINGS frame has
     * been applied, whether it names the value or not, and after that when the value differs. Exchanges already running
     * are not affected by a smaller value.
     *
     * @param maxExchanges the new limit, 0 or more; {@code Integer.MAX_VALUE} where the peer sets none
     */
    void concurrencyChanged(int maxExchanges);

    /**
     * The session takes no new exchanges: GOAWAY was received or sent, the stream ids ran out, the HTTP/1.1 peer said
     * {@code Connection: close}, or the peer closed its side. Exchanges that the peer has accepted go on; those it has
     * not, and those still queued, fail with {@code RequestNotExecutedException} after this call returns, so that the
     * owner has already stopped leasing when the first of them is tried again.
     */
    void draining();

    /**
     * One exchange is over: called exactly once for each {@code RequestExecutionCommand} enqueued on the session, also
     * for those cancelled, refused or failed before anything was sent, after the exchange handler has had its last
     * call. The owner of the exchange has usually given the connection back by then.
     *
     * @param cause why it failed, {@code null} where the response was received to its end
     */
    void exchangeEnded(@Nullable Exception cause);

    /**
     * A PING of this side was answered, one the owner asked for by a {@code PingCommand} or one of the handler's own.
     *
     * @param roundTripNanos the time between sending it and the answer
     */
    void pingAnswered(long roundTripNanos);

    /**
     * The session is over and the socket closed. Every exchange has been failed or completed before, in the same call
     * or earlier.
     *
     * @param cause the first failure that ended it; {@code null} for an orderly end by either side
     */
    void ended(@Nullable Exception cause);

    /**
     * A shorter way into a session than its queue, for who is on the session's I/O thread already: an application that sends
     * its next request from the callback of the last. The queue would wake the selector up, which costs system calls for
     * nothing.
     */
    @FunctionalInterface
    interface Intake {

        /**
         * Takes a command if the caller is the I/O thread in the middle of a turn of this session, at whose end the command
         * is run. From any thread.
         *
         * @return whether the command was taken; otherwise it goes through {@code IOSession.enqueue}
         */
        boolean offer(RequestExecutionCommand command);
    }

    /** Returns the name of the connection in the log, {@code null} if it has none. Called on any thread. */
    default @Nullable String connectionId() {
        return null;
    }
}
