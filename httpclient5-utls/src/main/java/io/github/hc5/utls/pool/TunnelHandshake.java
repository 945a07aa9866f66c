package io.github.hc5.utls.pool;

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

/**
 * Asks a proxy for a tunnel (CONNECT, RFC 9110 section 9.3.6) on a connection that no request has leased, where no chain
 * of a client does it. Without credentials: a proxy that wants some answers 407 and the opening fails.
 */
final class TunnelHandshake {

    private TunnelHandshake() {}

    static void start(HotConnection connection, HttpHost target, FutureCallback<HotConnection> callback) {
        String authority = target.toHostString();
        BasicHttpRequest request = new BasicHttpRequest(Method.CONNECT, target, authority);
        request.setHeader(HttpHeaders.HOST, authority);
        FutureCallback<Message<HttpResponse, Void>> answer = new FutureCallback<>() {
            @Override
            public void completed(Message<HttpResponse, Void> message) {
                int code = message.getHead().getCode();
                if (code == HttpStatus.SC_OK) {
                    callback.completed(connection);
                } else {
                    callback.failed(new HttpException("The proxy refused a tunnel to %s: %d", authority, code));
                }
            }

            @Override
            public void failed(Exception cause) {
                callback.failed(cause);
            }

            @Override
            public void cancelled() {
                callback.cancelled();
            }
        };
        BasicClientExchangeHandler<Message<HttpResponse, Void>> exchange = new BasicClientExchangeHandler<>(
                new BasicRequestProducer(request, null),
                new BasicResponseConsumer<>(new DiscardingEntityConsumer<>()),
                answer);
        connection.enqueue(
                new RequestExecutionCommand(exchange, null, null, HttpCoreContext.create()), Command.Priority.NORMAL);
    }
}
