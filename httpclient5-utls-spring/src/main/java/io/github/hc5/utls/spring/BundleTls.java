package io.github.hc5.utls.spring;

import io.github.hc5.utls.tls.UtlsSslContext;
import java.util.Arrays;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Takes trust and client certificate from an SSL bundle. The TLS itself is the browser profile's. */
final class BundleTls {

    private BundleTls() {}

    /**
     * Adds a bundle's trust and keys to a TLS context.
     *
     * @throws IllegalArgumentException if the bundle demands protocol versions or cipher suites
     */
    static void apply(SslBundle bundle, UtlsSslContext.Builder tls) {
        SslOptions options = bundle.getOptions();
        refuse("enabled-protocols", options.getEnabledProtocols());
        refuse("ciphers", options.getCiphers());
        Arrays.stream(bundle.getManagers().getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .ifPresent(tls::trustManager);
        if (bundle.getStores().getKeyStore() != null) {
            Arrays.stream(bundle.getManagers().getKeyManagers())
                    .filter(X509KeyManager.class::isInstance)
                    .map(X509KeyManager.class::cast)
                    .findFirst()
                    .ifPresent(tls::keyManager);
        }
    }

    private static void refuse(String option, String @Nullable [] values) {
        if (values != null && values.length > 0) {
            throw new IllegalArgumentException("SSL bundle option " + option + " value was set to "
                    + Arrays.toString(values) + ", must not be set for a client that shows a browser: TLS versions and"
                    + " cipher suites are those of its profile");
        }
    }
}
