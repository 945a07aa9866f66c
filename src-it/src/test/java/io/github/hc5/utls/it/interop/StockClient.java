package io.github.hc5.utls.it.interop;

import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * HttpClient's own asynchronous client with its own {@code PoolingAsyncClientConnectionManager}, where only the TLS
 * strategy is not stock. The name {@link CertificateAuthority#SERVER_NAME} resolves to loopback.
 */
final class StockClient implements AutoCloseable {

    private static final Timeout TIMEOUT = Timeout.ofSeconds(10);

    private final CloseableHttpAsyncClient client;

    StockClient(TlsStrategy strategy, HttpVersionPolicy policy) {
        this.client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(strategy)
                        .setDnsResolver(new LoopbackResolver())
                        .setMaxConnPerRoute(1)
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(policy)
                                .setHandshakeTimeout(TIMEOUT)
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(TIMEOUT)
                                .setSocketTimeout(TIMEOUT)
                                .build())
                        .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(TIMEOUT).build())
                .disableAutomaticRetries()
                .build();
        client.start();
    }

    /**
     * An answer.
     *
     * @param status the status code
     * @param version the HTTP version that carried it
     * @param body the body
     * @param session the TLS session of the connection
     */
    record Answer(int status, ProtocolVersion version, Octets body, SSLSession session) {

        boolean isHttp2() {
            return version.equals(HttpVersion.HTTP_2);
        }
    }

    /** Sends a GET and returns the answer, or throws what made it fail. */
    Answer get(String host, int port, String path) throws Exception {
        return execute(
                AsyncRequestBuilder.get("https://" + host + ":" + port + path).build());
    }

    /** Sends a POST and returns the answer, or throws what made it fail. */
    Answer post(String host, int port, String path, byte[] body) throws Exception {
        return execute(AsyncRequestBuilder.post("https://" + host + ":" + port + path)
                .setEntity(body, ContentType.APPLICATION_OCTET_STREAM)
                .build());
    }

    private Answer execute(AsyncRequestProducer request) throws Exception {
        HttpClientContext context = HttpClientContext.create();
        Future<Message<HttpResponse, byte[]>> future =
                client.execute(request, new BasicResponseConsumer<>(new BasicAsyncEntityConsumer()), context, null);
        Message<HttpResponse, byte[]> message;
        try {
            message = future.get(TIMEOUT.toSeconds() + 5, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new AssertionError("no answer and no failure within the timeout", e);
        }
        Octets body = message.getBody() == null ? Octets.empty() : Octets.of(message.getBody());
        return new Answer(message.getHead().getCode(), context.getProtocolVersion(), body, context.getSSLSession());
    }

    private static final class LoopbackResolver extends SystemDefaultDnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return host.equals(CertificateAuthority.SERVER_NAME)
                    ? new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})}
                    : super.resolve(host);
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.GRACEFUL);
    }
}
