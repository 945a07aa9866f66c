package io.github.hc5.utls.bench.clients;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/** This library: the hot connection manager, as chrome-156. */
public final class HotLoadClient extends HttpClient5LoadClient {

    private HotLoadClient(CloseableHttpAsyncClient client) {
        super(client);
    }

    static HotLoadClient create(ClientOptions options) throws IOException, GeneralSecurityException {
        return new HotLoadClient(HttpAsyncClients.custom()
                .setConnectionManager(manager(options))
                .disableContentCompression()
                .build());
    }

    /** Returns the manager by itself. */
    public static HotConnectionManager manager(ClientOptions options) throws IOException, GeneralSecurityException {
        // an HTTP/2 connection is kept whatever the reuse strategy says
        boolean http1 = options.http1() || !options.reuse();
        HotConnectionManagerBuilder manager = Utls.connectionManagerBuilder(UtlsSslContext.builder()
                        .profile(BrowserProfiles.find("chrome-156"))
                        .trustStore(options.trustStore())
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(http1 ? HttpVersionPolicy.FORCE_HTTP_1 : HttpVersionPolicy.NEGOTIATE)
                        .build())
                .setMaxConnTotal(options.connections())
                .setMaxConnPerRoute(options.connections());
        if (!options.reuse()) {
            // the client's own strategy never reaches a manager that owns its reactor
            manager.setIOEventHandlerFactory(UtlsEventHandlerFactory.builder()
                    .setConnectionReuseStrategy((request, response, context) -> false)
                    .build());
        }
        return manager.build();
    }
}
