package io.github.hc5.utls.pool;

import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.nio.support.BasicClientExchangeHandler;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for a tunnel (CONNECT, RFC 9110 section 9.3.6) on a connection that no request has leased, where no chain
 * of a client does it. Without credentials: a proxy that wants some answers 407 and the opening fails. The callback is
 * told once, at the latest when the time is up.
 */
final class TunnelHandshake implements FutureCallback<Message<HttpResponse, Void>> {

    private final HotConnection connection;
    private final HttpHost target;
    private final String authority;
    private final FutureCallback<HotConnection> callback;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable Cancellable limit;

    TunnelHandshake(HotConnection connection, HttpHost target, FutureCallback<HotConnection> callback) {
        this.connection = connection;
        this.target = target;
        this.authority = target.toHostString();
        this.callback = callback;
    }

    void start(PoolTimer timer, Timeout patience) {
        limit = timer.schedule(
                () -> failed(new SocketTimeoutException(
                        "No answer of the proxy to CONNECT " + authority + " within " + patience)),
                patience.toNanoseconds());
        BasicHttpRequest request = new BasicHttpRequest(Method.CONNECT, target, authority);
        request.setHeader(HttpHeaders.HOST, authority);
        BasicClientExchangeHandler<Message<HttpResponse, Void>> exchange = new BasicClientExchangeHandler<>(
                new BasicRequestProducer(request, null),
                new BasicResponseConsumer<>(new DiscardingEntityConsumer<>()),
                this);
        connection.enqueue(
                new RequestExecutionCommand(exchange, null, null, HttpCoreContext.create()), Command.Priority.NORMAL);
    }

    private boolean tell() {
        Cancellable timer = limit;
        if (timer != null) {
            timer.cancel();
        }
        return told.compareAndSet(false, true);
    }

    @Override
    public void completed(Message<HttpResponse, Void> answer) {
        int code = answer.getHead().getCode();
        if (code != HttpStatus.SC_OK) {
            failed(new HttpException("The proxy refused a tunnel to %s: %d", authority, code));
        } else if (tell()) {
            callback.completed(connection);
        }
    }

    @Override
    public void failed(Exception cause) {
        if (tell()) {
            callback.failed(cause);
        }
    }

    @Override
    public void cancelled() {
        failed(new CancellationException("The tunnel was cancelled"));
    }
}
