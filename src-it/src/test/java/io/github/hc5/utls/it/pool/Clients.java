package io.github.hc5.utls.it.pool;

import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.net.InetAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.util.Timeout;

/** HttpClient with our manager and with the stock one, trusting the servers of the tests. */
public final class Clients {

    static final String HOST = CertificateAuthority.SERVER_NAME;

    private static final InMemoryDnsResolver DNS = new InMemoryDnsResolver();

    static {
        DNS.add(HOST, InetAddress.getLoopbackAddress());
    }

    private Clients() {}

    public static HotConnectionManagerBuilder hot() throws Exception {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(tls())
                .setDnsResolver(DNS)
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build());
    }

    static PoolingAsyncClientConnectionManagerBuilder stock() throws Exception {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(tls())
                .setDnsResolver(DNS)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(20))
                        .build());
    }

    static CloseableHttpAsyncClient start(AsyncClientConnectionManager manager) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(manager)
                .setH2Config(H2Config.custom().setPushEnabled(false).build())
                .disableAutomaticRetries()
                .build();
        client.start();
        return client;
    }

    private static TlsStrategy tls() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {TestPki.SERVERS.trustManager()}, null);
        return ClientTlsStrategyBuilder.create().setSslContext(context).buildAsync();
    }
}
