package io.github.hc5.utls.it.address;

import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.TestPki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncResponseBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.nio.support.BasicServerExchangeHandler;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.jspecify.annotations.Nullable;

/**
 * One host at several loopback addresses and one port: a server whose answers the test sets address by address, and which
 * counts what it was asked at each.
 */
final class ManyAddresses implements AutoCloseable {

    private final HttpAsyncServer server;
    private final Map<InetAddress, AtomicInteger> status = new ConcurrentHashMap<>();
    private final Map<InetAddress, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<InetAddress, AtomicInteger> probes = new ConcurrentHashMap<>();
    private final Map<InetAddress, AtomicInteger> sources = new ConcurrentHashMap<>();
    private int port;

    ManyAddresses(HttpVersionPolicy policy) throws Exception {
        this(policy, TestPki.server(KeyKind.ECDSA), 0);
    }

    private ManyAddresses(HttpVersionPolicy policy, Identity identity, int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.keyManagers(), null, null);
        this.port = port;
        server = H2ServerBootstrap.bootstrap()
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setTlsStrategy(new H2ServerTlsStrategy(context))
                .setVersionPolicy(policy)
                .setRequestRouter((request, any) -> () -> new BasicServerExchangeHandler<>(new Handler()))
                .create();
        server.start();
    }

    /** A server at the same port with a certificate that no client trusts. */
    ManyAddresses untrusted() throws Exception {
        Identity stranger = new CertificateAuthority("a stranger").issueServer(KeyKind.ECDSA);
        return new ManyAddresses(HttpVersionPolicy.NEGOTIATE, stranger, port);
    }

    /** An address 127.0.6.n. */
    static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 6, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<InetAddress> addresses(int first, int count) {
        List<InetAddress> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            result.add(address(first + i));
        }
        return result;
    }

    ManyAddresses listen(List<InetAddress> addresses) throws Exception {
        for (InetAddress address : addresses) {
            InetSocketAddress at = new InetSocketAddress(address, port);
            port = ((InetSocketAddress) server.listen(at, URIScheme.HTTPS)
                            .get(10, TimeUnit.SECONDS)
                            .getAddress())
                    .getPort();
        }
        return this;
    }

    InetSocketAddress at(InetAddress address) {
        return new InetSocketAddress(address, port);
    }

    int port() {
        return port;
    }

    String uri() {
        return "https://" + CertificateAuthority.SERVER_NAME + ":" + port + "/";
    }

    void answer(InetAddress address, int code) {
        counter(status, address).set(code);
    }

    /** How many requests but HEAD have come to the address. */
    int requests(InetAddress address) {
        return counter(requests, address).get();
    }

    /** How many HEAD requests, which only the pool sends, have come to the address. */
    int probes(InetAddress address) {
        return counter(probes, address).get();
    }

    /** How many requests have come from the address. */
    int requestsFrom(InetAddress address) {
        return counter(sources, address).get();
    }

    private static AtomicInteger counter(Map<InetAddress, AtomicInteger> counters, InetAddress address) {
        return counters.computeIfAbsent(address, a -> new AtomicInteger());
    }

    @Override
    public void close() {
        server.close(CloseMode.IMMEDIATE);
    }

    private final class Handler implements AsyncServerRequestHandler<Message<HttpRequest, byte[]>> {

        @Override
        public AsyncRequestConsumer<Message<HttpRequest, byte[]>> prepare(
                HttpRequest request, @Nullable EntityDetails entity, HttpContext context) {
            return new BasicRequestConsumer<>(entity == null ? null : new BasicAsyncEntityConsumer());
        }

        @Override
        public void handle(Message<HttpRequest, byte[]> message, ResponseTrigger trigger, HttpContext context)
                throws org.apache.hc.core5.http.HttpException, IOException {
            InetAddress local = ((InetSocketAddress)
                            HttpCoreContext.cast(context).getEndpointDetails().getLocalAddress())
                    .getAddress();
            InetAddress remote = ((InetSocketAddress)
                            HttpCoreContext.cast(context).getEndpointDetails().getRemoteAddress())
                    .getAddress();
            counter(sources, remote).incrementAndGet();
            boolean probe = message.getHead().getMethod().equals("HEAD");
            counter(probe ? probes : requests, local).incrementAndGet();
            int code = counter(status, local).get();
            trigger.submitResponse(
                    AsyncResponseBuilder.create(code == 0 ? 200 : code)
                            .setEntity(local.getHostAddress(), ContentType.TEXT_PLAIN)
                            .build(),
                    context);
        }
    }
}
