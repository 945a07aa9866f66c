package io.github.hc5.utls;

import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.TransportProvider;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;

/** What a connection manager uses that was given no transport of its own: the default browser. */
public final class BrowserTransport implements TransportProvider {

    /** For the service loader. */
    public BrowserTransport() {}

    /** The JDK's trust store, which heeds the JDK's system properties, is used in any case. */
    @Override
    public TlsStrategy tlsStrategy(boolean systemProperties) {
        return new UtlsTlsStrategy(UtlsSslContext.builder()
                .profile(BrowserProfiles.find(UtlsConfig.DEFAULT_PROFILE))
                .build());
    }

    @Override
    public IOEventHandlerFactory handlerFactory(ProtocolConfig config) {
        UtlsEventHandlerFactory.Builder builder = UtlsEventHandlerFactory.builder();
        if (config.http1() != null) {
            builder.setHttp1Config(config.http1());
        }
        if (config.charCoding() != null) {
            builder.setCharCodingConfig(config.charCoding());
        }
        if (config.reuse() != null) {
            builder.setConnectionReuseStrategy(config.reuse());
        }
        return builder.build();
    }
}
