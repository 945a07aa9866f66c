/**
 * The wire above TLS: HTTP/2 frames, HPACK, HTTP/1.1 and headers as the browser of a connection's profile sends them.
 *
 * <p>{@link io.github.hc5.utls.http.UtlsEventHandlerFactory} gives each session a {@code ConnectionHandler}, which starts the
 * protocol that ALPN chose: {@code H1Session}, spoken by HttpCore, or {@code H2Session}, spoken here. The owner of a
 * connection hears of it through {@link io.github.hc5.utls.http.ConnectionEvents}.
 *
 * <p>HTTP/2 runs HttpCore's commands and exchange handlers but not HttpCore's multiplexer: that one fails a connection on a
 * frame for a stream it has forgotten a second after a reset, takes the parameters that a SETTINGS frame does not name for
 * their defaults, encodes a block before it can be shaped, numbers streams from 1, and visits every open stream on every
 * event. Here {@code H2Inbound} takes frames apart, {@code H2Stream} drives one exchange, and {@code H2Output} holds under
 * the session's lock all that has an order on the wire: stream ids, {@code HpackShaper}, windows ({@code FlowGovernor}) and
 * frames with the ends of TLS records ({@code FrameWriter}). No handler is called under that lock.
 *
 * <p>{@code HeaderCompletion} makes the headers of both protocols, and {@code DecodedBody} keeps what they promise.
 */
@NullMarked
package io.github.hc5.utls.http;

import org.jspecify.annotations.NullMarked;
