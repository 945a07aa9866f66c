package io.github.hc5.utls.pool;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.Command;
import org.jspecify.annotations.Nullable;

/**
 * A HEAD request that the pool itself sends on a connection it has reserved, to see what the peer answers. The callback
 * comes once, with the response's head.
 */
final class LightRequest implements AsyncClientExchangeHandler {

    private final HttpHost host;
    private final String path;
    private final FutureCallback<HttpResponse> callback;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable HttpResponse head;
    private volatile @Nullable Cancellable limit;

    private LightRequest(HttpHost host, String path, FutureCallback<HttpResponse> callback) {
        this.host = host;
        this.path = path;
        this.callback = callback;
    }

    static void send(
            HotConnection connection,
            String path,
            PoolTimer timer,
            long timeoutNanos,
            FutureCallback<HttpResponse> callback) {
        LightRequest request = new LightRequest(connection.pool.route.getTargetHost(), path, callback);
        Stream stream = new Stream();
        Cancellable limit = timer.schedule(
                () -> {
                    request.failed(new SocketTimeoutException("No response to " + path));
                    stream.cancel();
                },
                timeoutNanos);
        request.limit = limit;
        HttpCoreContext context = HttpCoreContext.create();
        context.setProtocolVersion(connection.getProtocolVersion());
        connection.enqueue(new RequestExecutionCommand(request, null, stream, context), Command.Priority.NORMAL);
    }

    /** The stream of the request, so that it can be called off. */
    private static final class Stream implements CancellableDependency {

        private volatile @Nullable Cancellable dependency;
        private volatile boolean cancelled;

        @Override
        public void setDependency(Cancellable newDependency) {
            dependency = newDependency;
            if (cancelled) {
                newDependency.cancel();
            }
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean cancel() {
            cancelled = true;
            Cancellable current = dependency;
            return current != null && current.cancel();
        }
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        BasicHttpRequest request = new BasicHttpRequest(Method.HEAD, host, path);
        request.addHeader("Host", host.toHostString());
        channel.sendRequest(request, null, context);
    }

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
        head = response;
        if (entity == null) {
            tell(null);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        tell(null);
    }

    @Override
    public void failed(Exception cause) {
        tell(cause);
    }

    private void tell(@Nullable Exception cause) {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        Cancellable timer = limit;
        if (timer != null) {
            timer.cancel();
        }
        HttpResponse response = head;
        if (cause == null && response != null) {
            callback.completed(response);
        } else {
            callback.failed(cause != null ? cause : new CancellationException("The request was cancelled"));
        }
    }

    @Override
    public void releaseResources() {
        tell(new CancellationException("The request was cancelled"));
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {}

    @Override
    public void cancel() {
        tell(new CancellationException("The request was cancelled"));
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void produce(DataStreamChannel channel) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer src) {
        src.position(src.limit());
    }
}
