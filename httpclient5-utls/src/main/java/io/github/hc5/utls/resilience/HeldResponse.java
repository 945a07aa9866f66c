package io.github.hc5.utls.resilience;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * A response with a small body of known length that is handed on once it has arrived whole: until then a broken connection
 * can be made good by another try, without the caller's consumer seeing the beginning of two bodies. A body that arrives
 * in one piece is passed on without a copy. Belongs to one exchange, used by its I/O thread.
 */
final class HeldResponse implements AsyncDataConsumer {

    private final HttpResponse response;
    private final EntityDetails details;
    private final Attempt attempt;
    private final AsyncExecCallback callback;
    private final int length;
    private byte @Nullable [] held;
    private int received;
    private boolean handedOn;
    private @Nullable AsyncDataConsumer consumer;

    HeldResponse(HttpResponse response, EntityDetails details, Attempt attempt, AsyncExecCallback callback) {
        this.response = response;
        this.details = details;
        this.attempt = attempt;
        this.callback = callback;
        this.length = (int) details.getContentLength();
    }

    private void handOn() throws IOException {
        if (!handedOn) {
            handedOn = true;
            attempt.handedOn();
            try {
                consumer = callback.handleResponse(response, details);
            } catch (HttpException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        AsyncDataConsumer c = consumer;
        if (c != null) {
            c.updateCapacity(channel);
        } else {
            channel.update(Integer.MAX_VALUE);
        }
    }

    @Override
    public void consume(ByteBuffer src) throws IOException {
        if (!handedOn && received + src.remaining() < length) {
            byte[] into = held;
            if (into == null) {
                into = new byte[length];
                held = into;
            }
            int n = src.remaining();
            src.get(into, received, n);
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

    private void handOnHeld() throws IOException {
        handOn();
        byte[] first = held;
        AsyncDataConsumer c = consumer;
        held = null;
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
