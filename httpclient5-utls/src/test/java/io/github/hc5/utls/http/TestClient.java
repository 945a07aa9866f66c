package io.github.hc5.utls.http;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.concurrent.ComplexCancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicClientExchangeHandler;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.impl.nio.ClientH2StreamMultiplexerFactory;
import org.apache.hc.core5.http2.impl.nio.ClientHttpProtocolNegotiationStarter;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/** A reactor with an event handler factory under test, and the exchanges that tests run on its sessions. */
final class TestClient implements AutoCloseable {

    private static final Timeout LIMIT = Timeout.ofSeconds(15);

    private final DefaultConnectingIOReactor reactor;

    TestClient(IOEventHandlerFactory factory) {
        reactor = new DefaultConnectingIOReactor(factory);
        reactor.start();
    }

    static TestClient ours() {
        return new TestClient(UtlsEventHandlerFactory.builder().build());
    }

    /** HttpCore's own stack, for the tests that show what is different. */
    static TestClient stock() {
        return new TestClient(new ClientHttpProtocolNegotiationStarter(
                new ClientHttp1StreamDuplexerFactory(
                        HttpProcessorBuilder.create().build(), Http1Config.DEFAULT, CharCodingConfig.DEFAULT),
                new ClientH2StreamMultiplexerFactory(
                        HttpProcessorBuilder.create().build(),
                        null,
                        H2Config.custom().setPushEnabled(false).build(),
                        CharCodingConfig.DEFAULT,
                        null),
                HttpVersionPolicy.FORCE_HTTP_2,
                null,
                null,
                null));
    }

    IOSession connect(H2Peer peer) throws Exception {
        return connect(peer.address(), HttpVersionPolicy.FORCE_HTTP_2);
    }

    IOSession connect(InetSocketAddress address, Object attachment) throws Exception {
        HttpHost target = new HttpHost("http", address.getHostString(), address.getPort());
        return reactor.connect(target, address, null, LIMIT, attachment, null).get(15, TimeUnit.SECONDS);
    }

    /** Connects, and has the session secured before its handler hears of it, as connection managers do. */
    IOSession connect(
            InetSocketAddress address,
            Object attachment,
            BiConsumer<IOSession, FutureCallback<TransportSecurityLayer>> secure)
            throws Exception {
        HttpHost target = new HttpHost("https", address.getHostString(), address.getPort());
        CompletableFuture<IOSession> ready = new CompletableFuture<>();
        Future<IOSession> connecting =
                reactor.connect(target, address, null, LIMIT, attachment, new FutureCallback<>() {
                    @Override
                    public void completed(IOSession session) {
                        secure.accept(session, new CallbackContribution<>(this) {
                            @Override
                            public void completed(TransportSecurityLayer secured) {
                                ready.complete(session);
                            }
                        });
                    }

                    @Override
                    public void failed(Exception ex) {
                        ready.completeExceptionally(ex);
                    }

                    @Override
                    public void cancelled() {
                        ready.cancel(false);
                    }
                });
        connecting.get(15, TimeUnit.SECONDS);
        return ready.get(15, TimeUnit.SECONDS);
    }

    Exchange get(IOSession session, String path) {
        return execute(session, request("GET", path).build(), HttpCoreContext.create());
    }

    Exchange execute(IOSession session, AsyncRequestProducer request, HttpCoreContext context) {
        CompletableFuture<Message<HttpResponse, String>> future = new CompletableFuture<>();
        AsyncClientExchangeHandler handler = new BasicClientExchangeHandler<>(
                request, new BasicResponseConsumer<>(new StringAsyncEntityConsumer()), callback(future));
        return execute(session, handler, context, future);
    }

    static Exchange execute(
            IOSession session,
            AsyncClientExchangeHandler handler,
            HttpCoreContext context,
            CompletableFuture<Message<HttpResponse, String>> future) {
        ComplexCancellable cancellable = new ComplexCancellable();
        session.enqueue(
                new RequestExecutionCommand(handler, null, dependency(cancellable), context), Command.Priority.NORMAL);
        return new Exchange(future, cancellable);
    }

    static AsyncRequestBuilder request(String method, String path) {
        return AsyncRequestBuilder.create(method).setUri("http://127.0.0.1" + path);
    }

    static AsyncRequestProducer upload(String method, String path, AsyncEntityProducer body) {
        return request(method, path).setEntity(body).build();
    }

    @Override
    public void close() {
        reactor.close(CloseMode.IMMEDIATE);
    }

    private static CancellableDependency dependency(ComplexCancellable cancellable) {
        return cancellable;
    }

    static <T> FutureCallback<T> callback(CompletableFuture<T> future) {
        return new FutureCallback<>() {
            @Override
            public void completed(T result) {
                future.complete(result);
            }

            @Override
            public void failed(Exception ex) {
                future.completeExceptionally(ex);
            }

            @Override
            public void cancelled() {
                future.cancel(false);
            }
        };
    }

    /** One exchange under way. */
    record Exchange(CompletableFuture<Message<HttpResponse, String>> future, ComplexCancellable cancellable) {

        Message<HttpResponse, String> result() throws Exception {
            return future.get(20, TimeUnit.SECONDS);
        }

        String body() throws Exception {
            return String.valueOf(result().getBody());
        }

        Throwable failure() throws Exception {
            try {
                result();
            } catch (ExecutionException ex) {
                return Objects.requireNonNull(ex.getCause());
            }
            throw new AssertionError("the exchange did not fail");
        }

        boolean cancel() {
            return cancellable.cancel();
        }

        boolean isDone() {
            return future.isDone();
        }
    }
}
