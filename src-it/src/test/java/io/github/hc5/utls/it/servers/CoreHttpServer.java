package io.github.hc5.utls.it.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.AsyncResponseBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.nio.support.BasicServerExchangeHandler;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.protocol.H2ResponseConnControl;
import org.apache.hc.core5.http2.protocol.H2ResponseContent;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.jspecify.annotations.Nullable;

/** An HttpCore 5 server that answers {@link Exchange}s over HTTP/2 and HTTP/1.1, with or without TLS. */
final class CoreHttpServer implements AutoCloseable {

    /** Without the check that https requests come over TLS: it has been taken off before. */
    private static final HttpProcessor BEHIND_TLS =
            new DefaultHttpProcessor(H2ResponseContent.INSTANCE, H2ResponseConnControl.INSTANCE);

    private final HttpAsyncServer server;
    private final InetSocketAddress address;

    private CoreHttpServer(HttpAsyncServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts a server.
     *
     * @param tls the TLS strategy, or null for plaintext, where HTTP/2 is told by its preface
     * @param policy the protocols
     * @param report what to report of the connection that a request came by
     */
    static CoreHttpServer start(
            @Nullable TlsStrategy tls,
            HttpVersionPolicy policy,
            Function<HttpCoreContext, Map<String, String>> report) {
        HttpAsyncServer server = H2ServerBootstrap.bootstrap()
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setTlsStrategy(tls)
                .setHttpProcessor(tls == null ? BEHIND_TLS : null)
                .setVersionPolicy(policy)
                .setRequestRouter((request, context) -> handlers(report))
                .create();
        server.start();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            InetSocketAddress bound =
                    (InetSocketAddress) server.listen(any, tls == null ? URIScheme.HTTP : URIScheme.HTTPS)
                            .get(10, TimeUnit.SECONDS)
                            .getAddress();
            return new CoreHttpServer(server, bound);
        } catch (ExecutionException | TimeoutException e) {
            server.close(CloseMode.IMMEDIATE);
            throw new IllegalStateException("cannot listen", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    private static Supplier<AsyncServerExchangeHandler> handlers(
            Function<HttpCoreContext, Map<String, String>> report) {
        return () -> new BasicServerExchangeHandler<>(new RequestHandler(report));
    }

    private record RequestHandler(Function<HttpCoreContext, Map<String, String>> report)
            implements AsyncServerRequestHandler<Message<HttpRequest, byte[]>> {

        @Override
        public AsyncRequestConsumer<Message<HttpRequest, byte[]>> prepare(
                HttpRequest request, @Nullable EntityDetails entityDetails, HttpContext context) {
            return new BasicRequestConsumer<>(entityDetails == null ? null : new BasicAsyncEntityConsumer());
        }

        @Override
        public void handle(Message<HttpRequest, byte[]> message, ResponseTrigger trigger, HttpContext context)
                throws org.apache.hc.core5.http.HttpException, IOException {
            byte[] body = message.getBody() == null ? new byte[0] : message.getBody();
            Exchange exchange = Exchange.answer(
                    message.getHead().getPath(), body, () -> report.apply(HttpCoreContext.cast(context)));
            trigger.submitResponse(
                    AsyncResponseBuilder.create(exchange.status())
                            .setEntity(exchange.body().toByteArray(), ContentType.TEXT_PLAIN)
                            .build(),
                    context);
        }
    }

    @Override
    public void close() {
        server.close(CloseMode.GRACEFUL);
    }
}
