package io.github.hc5.utls.it.hostile;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/** The engine of this project, as one browser. */
final class UtlsUnderTest implements EngineUnderTest {

    /** The stock HttpCore does not tell an engine of the end of the stream, and takes it for a regular one. */
    private static final Set<String> BEYOND_AN_ENGINE = Set.of("truncated close-delimited", "truncated headers");

    private final BrowserProfile profile;

    UtlsUnderTest(String profile) {
        this.profile = BrowserProfiles.find(profile);
    }

    @Override
    public SSLContext context(X509TrustManager trust, @Nullable X509KeyManager keys) {
        UtlsSslContext.Builder builder =
                UtlsSslContext.builder().profile(profile).trustManager(trust);
        if (keys != null) {
            builder.keyManager(keys);
        }
        return builder.build();
    }

    @Override
    public TlsStrategy tlsStrategy(X509TrustManager trust) {
        return new UtlsTlsStrategy((UtlsSslContext) context(trust, null));
    }

    @Override
    public boolean namesPeer() {
        return true;
    }

    @Override
    public boolean finishesOnce() {
        return true;
    }

    @Override
    public boolean readsReadOnlySources() {
        return true;
    }

    @Override
    public boolean isKnownToFail(String misdeed) {
        return BEYOND_AN_ENGINE.contains(misdeed);
    }

    @Override
    public String toString() {
        return profile.name();
    }
}
