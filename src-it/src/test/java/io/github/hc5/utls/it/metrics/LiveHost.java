package io.github.hc5.utls.it.metrics;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
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

/** A host with TLS at loopback addresses 127.0.7.1 and on, each of whose answers the test sets, and clients of it. */
final class LiveHost implements AutoCloseable {

    /** The profile of the client. */
    static final String PROFILE = "chrome-156";

    private final List<InetAddress> addresses = new ArrayList<>();
    private final Map<InetAddress, Integer> statuses = new ConcurrentHashMap<>();
    private final HttpAsyncServer server;
    private final int port;

    LiveHost(HttpVersionPolicy policy, int addressCount) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(TestPki.server(KeyKind.ECDSA).keyManagers(), null, null);
        server = H2ServerBootstrap.bootstrap()
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setTlsStrategy(new H2ServerTlsStrategy(context))
                .setVersionPolicy(policy)
                .setRequestRouter((request, any) -> () -> new BasicServerExchangeHandler<>(new Handler()))
                .create();
        server.start();
        int at = 0;
        for (int i = 1; i <= addressCount; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 7, (byte) i});
            addresses.add(address);
            at = ((InetSocketAddress) server.listen(new InetSocketAddress(address, at), URIScheme.HTTPS)
                            .get(10, TimeUnit.SECONDS)
                            .getAddress())
                    .getPort();
        }
        port = at;
    }

    /** One more address of the host, at which nobody listens. */
    InetAddress addDeadAddress() throws UnknownHostException {
        InetAddress dead = InetAddress.getByAddress(new byte[] {127, 0, 7, (byte) (addresses.size() + 1)});
        addresses.add(dead);
        return dead;
    }

    InetAddress address(int index) {
        return addresses.get(index);
    }

    void answer(InetAddress address, int status) {
        statuses.put(address, status);
    }

    String uri() {
        return "https://" + CertificateAuthority.SERVER_NAME + ":" + port + "/";
    }

    /** As metrics and logs name it. */
    String host() {
        return CertificateAuthority.SERVER_NAME + ":" + port;
    }

    HotConnectionManagerBuilder manager() throws Exception {
        return Utls.connectionManagerBuilder(UtlsSslContext.builder()
                        .profile(io.github.hc5.utls.fingerprint.BrowserProfiles.find(PROFILE))
                        .trustManager(TestPki.SERVERS.trustManager())
                        .build())
                .setDnsResolver(new DnsResolver() {
                    @Override
                    public InetAddress[] resolve(@Nullable String host) {
                        return addresses.toArray(InetAddress[]::new);
                    }

                    @Override
                    public String resolveCanonicalHostname(@Nullable String host) {
                        return String.valueOf(host);
                    }
                });
    }

    static CloseableHttpAsyncClient client(HotConnectionManager manager) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .disableAutomaticRetries()
                .build();
        client.start();
        return client;
    }

    Future<SimpleHttpResponse> send(CloseableHttpAsyncClient client) {
        return client.execute(SimpleHttpRequest.create("GET", uri()), null);
    }

    int get(CloseableHttpAsyncClient client) throws Exception {
        return get(client, HttpClientContext.create());
    }

    int get(CloseableHttpAsyncClient client, HttpClientContext context) throws Exception {
        return client.execute(SimpleHttpRequest.create("GET", uri()), context, null)
                .get(30, TimeUnit.SECONDS)
                .getCode();
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
                throws HttpException, java.io.IOException {
            InetAddress local = ((InetSocketAddress)
                            HttpCoreContext.cast(context).getEndpointDetails().getLocalAddress())
                    .getAddress();
            trigger.submitResponse(
                    AsyncResponseBuilder.create(statuses.getOrDefault(local, 200))
                            .setEntity(local.getHostAddress(), ContentType.TEXT_PLAIN)
                            .build(),
                    context);
        }
    }
}
