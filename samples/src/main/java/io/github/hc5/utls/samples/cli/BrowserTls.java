package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import java.security.KeyStore;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/** stub. */
final class BrowserTls {
    private BrowserTls() {}

    static TlsStrategy strategy(BrowserProfile profile, @Nullable KeyStore trust) {
        try {
            return ClientTlsStrategyBuilder.create()
                    .setSslContext(
                            SSLContexts.custom().loadTrustMaterial(trust, null).build())
                    .buildAsync();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
