package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.http.ExchangeAttributes;
import io.github.hc5.utls.tls.UtlsSslSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One request from its start to its end, as its response consumer and its callback at once.
 *
 * <p>The client's I/O thread calls everything but {@link #expire()} and the constructor. It must not wait, so that the
 * body's bytes are handed to {@link Listener#body}, which says when it has written them; only then does the peer get the
 * capacity to send more.
 *
 * <p>An exchange ends once. A successful one ends in {@link #releaseResources()}, not when its answer is complete: only
 * then is the connection back in the pool, where the next request shall find it.
 */
final class Exchange implements AsyncResponseConsumer<Exchange>, FutureCallback<Exchange> {

    /** What an exchange tells its owner; called on the client's I/O thread, so that it must not wait. */
    interface Listener {

        /** A piece of the body arrived; {@code written} is to be run when it needs no more memory. */
        void body(Exchange exchange, byte[] piece, Runnable written);

        /** The exchange is over. */
        void over(Exchange exchange, FetchResult result);
    }

    private final long index;
    private final URI uri;
    private final String profile;
    private final Duration timeout;
    private final Listener listener;
    private final Openings openings;
    private final HttpClientContext context = HttpClientContext.create();
    private final long startNanos = System.nanoTime();
    private final AtomicBoolean over = new AtomicBoolean();

    /** Bytes written but not yet credited to the peer. */
    private final AtomicInteger credit = new AtomicInteger();

    private volatile @Nullable Future<?> deadline;
    private volatile @Nullable CapacityChannel capacity;
    private volatile @Nullable HttpResponse response;
    private volatile @Nullable FutureCallback<Exchange> result;
    private volatile long endNanos;
    private volatile boolean answered;

    private final AtomicLong bytes = new AtomicLong();

    Exchange(long index, URI uri, String profile, Duration timeout, Openings openings, Listener listener) {
        this.index = index;
        this.uri = uri;
        this.profile = profile;
        this.timeout = timeout;
        this.openings = openings;
        this.listener = listener;
    }

    /** Returns the request's place in its run, from 0. */
    long index() {
        return index;
    }

    HttpClientContext context() {
        return context;
    }

    /** Hands over the timer that will call {@link #expire()}, to be cancelled when the exchange is over. */
    void endsAt(Future<?> timer) {
        deadline = timer;
        if (over.get()) {
            timer.cancel(false);
        }
    }

    /** Ends the exchange if it is not over by now; for the timer's thread. Returns whether it was not. */
    boolean expire() {
        return answered ? finish(null, null) : finish(FailureText.timeout(uri, Durations.toText(timeout)), null);
    }

    @Override
    public void consumeResponse(
            HttpResponse head, @Nullable EntityDetails entity, HttpContext ignored, FutureCallback<Exchange> callback) {
        response = head;
        result = callback;
        if (entity == null) {
            answered(callback);
        }
    }

    @Override
    public void informationResponse(HttpResponse head, HttpContext ignored) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        capacity = channel;
        grant();
    }

    @Override
    public void consume(ByteBuffer source) {
        byte[] piece = new byte[source.remaining()];
        source.get(piece);
        bytes.addAndGet(piece.length);
        listener.body(this, piece, () -> {
            credit.addAndGet(piece.length);
            try {
                grant();
            } catch (IOException connectionEnded) {
                // The exchange learns of it through failed(): there is nothing to grant any more.
                capacity = null;
            }
        });
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        answered(Objects.requireNonNull(result));
    }

    @Override
    public void releaseResources() {
        if (answered) {
            finish(null, null);
        }
    }

    @Override
    public void completed(Exchange self) {
        // releaseResources() ends it, when the connection is back.
    }

    @Override
    public void failed(Exception cause) {
        finish(FailureText.of(uri, cause), cause);
    }

    @Override
    public void cancelled() {
        finish("cancelled", null);
    }

    private void answered(FutureCallback<Exchange> callback) {
        endNanos = System.nanoTime();
        answered = true;
        callback.completed(this);
    }

    private void grant() throws IOException {
        CapacityChannel channel = capacity;
        if (channel != null) {
            int increment = credit.getAndSet(0);
            if (increment > 0) {
                channel.update(increment);
            }
        }
    }

    private boolean finish(@Nullable String error, @Nullable Throwable cause) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        Future<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        listener.over(this, toResult(error, cause));
        return true;
    }

    private FetchResult toResult(@Nullable String error, @Nullable Throwable cause) {
        HttpResponse head = response;
        EndpointDetails endpoint = context.getEndpointDetails();
        Openings.Opening opening = endpoint == null ? null : openings.after(endpoint.getLocalAddress(), startNanos);
        long finishedNanos = error == null ? endNanos : System.nanoTime();
        return new FetchResult(
                uri.toString(),
                head == null || error != null ? null : head.getCode(),
                head == null ? null : protocol(head.getVersion()),
                endpoint == null ? null : text(endpoint.getRemoteAddress()),
                endpoint == null ? null : text(endpoint.getLocalAddress()),
                context.getAttribute(ExchangeAttributes.PROFILE) instanceof BrowserProfile shown
                        ? shown.name()
                        : profile,
                Duration.ofNanos(finishedNanos - startNanos),
                Duration.ofNanos(opening == null ? 0 : opening.waitedNanos(startNanos)),
                endpoint != null && opening == null,
                opening != null && isResumed(context.getSSLSession()),
                bytes.get(),
                error,
                cause);
    }

    private static boolean isResumed(@Nullable SSLSession session) {
        return session instanceof UtlsSslSession tls && tls.resumed();
    }

    private static @Nullable String protocol(@Nullable ProtocolVersion version) {
        if (version == null) {
            return null;
        }
        return version.greaterEquals(HttpVersion.HTTP_2)
                ? "h2"
                : "http/" + version.getMajor() + "." + version.getMinor();
    }

    private static @Nullable String text(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String host = inet.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        return null;
    }
}
