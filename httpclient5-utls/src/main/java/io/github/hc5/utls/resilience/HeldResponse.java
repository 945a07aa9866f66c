package io.github.hc5.utls.resilience;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * A response with a small body that is handed on once it has arrived whole: until then a broken connection can be made
 * good by another try, without the caller's consumer seeing the beginning of two bodies. A body of known length that
 * arrives in one piece is passed on without a copy; one of unknown length (HTTP/2, chunks, or decoded on its way here) is
 * handed on with its end, or as soon as it turns out not to be small. What servers send bit by bit, as events, is not held.
 * Belongs to one exchange, used by its I/O thread.
 */
final class HeldResponse implements AsyncDataConsumer {

    private static final int UNKNOWN = -1;
    private static final int FIRST_BYTES = 4096;

    /** What may come beyond what is held, so that it is seen that there is more. */
    private static final long AHEAD = 16_384;

    private static final Set<String> BIT_BY_BIT = Set.of(
            "text/event-stream",
            "multipart/x-mixed-replace",
            "application/x-ndjson",
            "application/jsonl",
            "application/json-seq",
            "application/stream+json",
            "application/grpc");

    private final HttpResponse response;
    private final EntityDetails details;
    private final Attempt attempt;
    private final AsyncExecCallback callback;
    private final int most;
    private final int length;
    private byte @Nullable [] held;
    private int received;
    private boolean handedOn;
    private @Nullable AsyncDataConsumer consumer;
    private @Nullable CapacityChannel capacity;

    private HeldResponse(
            HttpResponse response,
            EntityDetails details,
            Attempt attempt,
            AsyncExecCallback callback,
            int most,
            int length) {
        this.response = response;
        this.details = details;
        this.attempt = attempt;
        this.callback = callback;
        this.most = most;
        this.length = length;
    }

    /** Returns what holds the response, {@code null} if its body is, or may be, none to hold. */
    static @Nullable HeldResponse of(
            HttpResponse response, EntityDetails details, Attempt attempt, AsyncExecCallback callback, int most) {
        long length = length(response, details);
        if (length > most || length == 0 || most == 0 || (length < 0 && isBitByBit(details.getContentType()))) {
            return null;
        }
        return new HeldResponse(response, details, attempt, callback, most, (int) length);
    }

    /** The entities of HTTP/2 say that they do not know, even where the response does. */
    private static long length(HttpResponse response, EntityDetails details) {
        if (details.getContentLength() >= 0) {
            return details.getContentLength();
        }
        Header field = response.getFirstHeader("Content-Length");
        try {
            return field == null ? UNKNOWN : Math.max(UNKNOWN, Long.parseLong(field.getValue()));
        } catch (NumberFormatException e) {
            return UNKNOWN;
        }
    }

    private static boolean isBitByBit(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return BIT_BY_BIT.contains(type) || type.startsWith("audio/") || type.startsWith("video/");
    }

    private void handOn() throws IOException {
        handedOn = true;
        attempt.handedOn();
        try {
            consumer = callback.handleResponse(response, details);
        } catch (HttpException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        AsyncDataConsumer c = consumer;
        if (c != null) {
            c.updateCapacity(channel);
        } else if (capacity == null) {
            // little more than is held: beyond that, the consumer says how much it takes
            capacity = channel;
            channel.update(handedOn ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, most + AHEAD));
        }
    }

    @Override
    public void consume(ByteBuffer src) throws IOException {
        int n = src.remaining();
        if (!handedOn && (length == UNKNOWN ? received + n <= most : received + n < length)) {
            src.get(room(n), received, n);
            received += n;
            return;
        }
        handOnHeld();
        AsyncDataConsumer c = consumer;
        if (c != null) {
            c.consume(src);
        } else {
            src.position(src.limit());
        }
    }

    private byte[] room(int more) {
        byte[] into = held;
        if (into == null) {
            into = new byte[length == UNKNOWN ? Math.min(most, Math.max(FIRST_BYTES, more)) : length];
        } else if (into.length < received + more) {
            into = Arrays.copyOf(into, Math.min(most, Math.max(2 * into.length, received + more)));
        }
        held = into;
        return into;
    }

    private void handOnHeld() throws IOException {
        if (handedOn) {
            return;
        }
        handOn();
        byte[] first = held;
        AsyncDataConsumer c = consumer;
        CapacityChannel channel = capacity;
        held = null;
        if (channel != null) {
            if (c != null) {
                c.updateCapacity(channel);
            } else {
                channel.update(Integer.MAX_VALUE);
            }
        }
        if (first != null && c != null) {
            c.consume(ByteBuffer.wrap(first, 0, received));
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        handOnHeld();
        AsyncDataConsumer c = consumer;
        if (c != null) {
            c.streamEnd(trailers);
        }
    }

    @Override
    public void releaseResources() {
        AsyncDataConsumer c = consumer;
        consumer = null;
        held = null;
        if (c != null) {
            c.releaseResources();
        }
    }
}
