package io.github.hc5.utls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.classic.ClassicToAsyncRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous client for callers that block. What HttpClient has for it leaves an exchange, and with it a connection,
 * to itself when its caller is interrupted or gives up waiting, and cannot repeat a request with a body; here the exchange
 * is cancelled, and small bodies are written to memory first, which can be sent again. Thread-safe; waits with locks that
 * virtual threads can wait on.
 */
final class BlockingClient extends CloseableHttpClient implements Configurable {

    /** Up to it, the body of a request is held in memory. */
    private static final int SMALL_BODY = 64 * 1024;

    private static final int FIRST_BUFFER = 1024;

    private final CloseableHttpAsyncClient client;
    private final @Nullable Timeout operationTimeout;

    /** @param operationTimeout {@code null}: as long as the client's own timeouts let an operation take */
    BlockingClient(CloseableHttpAsyncClient client, @Nullable Timeout operationTimeout) {
        this.client = client;
        this.operationTimeout = operationTimeout != null && operationTimeout.isEnabled() ? operationTimeout : null;
    }

    @Override
    public RequestConfig getConfig() {
        return client instanceof Configurable configurable ? configurable.getConfig() : RequestConfig.DEFAULT;
    }

    @Override
    protected CloseableHttpResponse doExecute(
            @Nullable HttpHost target, ClassicHttpRequest request, @Nullable HttpContext context) throws IOException {
        HttpEntity entity = request.getEntity();
        byte[] small = entity == null ? null : inMemory(entity);
        StreamedRequest streamed =
                entity != null && small == null ? new StreamedRequest(request, operationTimeout) : null;
        AsyncRequestProducer producer = streamed != null
                ? streamed
                : new BasicRequestProducer(request, entity == null ? null : body(entity, small));
        BlockingResponse response = new BlockingResponse(operationTimeout);
        Future<Void> exchange = client.execute(target, producer, response, null, context, null);
        response.setExchange(exchange);
        if (request instanceof CancellableDependency cancellable) {
            cancellable.setDependency(() -> exchange.cancel(true));
        }
        boolean answered = false;
        try {
            if (streamed != null) {
                streamed.blockWaiting().execute();
            }
            CloseableHttpResponse result =
                    CloseableHttpResponse.create(response.await(), (head, mode) -> close(response, mode));
            answered = true;
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the response");
        } finally {
            if (!answered) {
                exchange.cancel(true);
            }
        }
    }

    /** Returns the whole body, {@code null} if it is too large or cannot be written twice and has no known length. */
    private static byte @Nullable [] inMemory(HttpEntity entity) throws IOException {
        long length = entity.getContentLength();
        if (length > SMALL_BODY || (length < 0 && !entity.isRepeatable())) {
            return null;
        }
        BoundedBuffer buffer = new BoundedBuffer(length < 0 ? FIRST_BUFFER : (int) length);
        try {
            entity.writeTo(buffer);
        } catch (TooLargeException e) {
            return null;
        }
        return buffer.toByteArray();
    }

    private static BasicAsyncEntityProducer body(HttpEntity entity, byte @Nullable [] content) {
        String type = entity.getContentType();
        return new BasicAsyncEntityProducer(
                content != null ? content : new byte[0], type == null ? null : ContentType.parseLenient(type)) {
            @Override
            public @Nullable String getContentEncoding() {
                return entity.getContentEncoding();
            }
        };
    }

    private static void close(BlockingResponse response, CloseMode mode) {
        if (mode == CloseMode.GRACEFUL) {
            response.close();
        } else {
            response.abort();
        }
    }

    @Override
    public void close(CloseMode closeMode) {
        client.close(closeMode);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** A body that the caller writes while it is sent, and that would not be written again. */
    private static final class StreamedRequest extends ClassicToAsyncRequestProducer {
        StreamedRequest(ClassicHttpRequest request, @Nullable Timeout timeout) {
            super(request, timeout);
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }
    }

    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Takes so much and no more. A body of known length that is longer says so by failing on the wire. */
    private static final class BoundedBuffer extends OutputStream {
        private final ByteArrayOutputStream bytes;

        BoundedBuffer(int size) {
            bytes = new ByteArrayOutputStream(size);
        }

        @Override
        public void write(int b) throws IOException {
            require(1);
            bytes.write(b);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            require(length);
            bytes.write(source, offset, length);
        }

        private void require(int more) throws TooLargeException {
            if (bytes.size() + more > SMALL_BODY) {
                throw new TooLargeException();
            }
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
