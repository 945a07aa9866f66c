package io.github.hc5.utls.it.hostile;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.fingerprint.Octets;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/** The engine of this project, as one browser. */
final class UtlsUnderTest implements EngineUnderTest {

    private final BrowserProfile profile;

    UtlsUnderTest() {
        this.profile = handMade();
    }

    @SuppressWarnings("NullAway")
    private static BrowserProfile handMade() {
        int g = Grease.PLACEHOLDER;
        return new BrowserProfile(
                "chrome-156",
                "x",
                new ClientHelloSpec(
                        0x0301,
                        32,
                        List.of(
                                g, 4865, 4866, 4867, 49195, 49199, 49196, 49200, 52393, 52392, 49171, 49172, 156, 157,
                                47, 53),
                        List.of(
                                new ExtensionSpec.GreaseExtension(Octets.of(new byte[0])),
                                new ExtensionSpec.ApplicationProtocols(List.of("h2", "http/1.1")),
                                new ExtensionSpec.ApplicationSettings(17613, List.of("h2")),
                                new ExtensionSpec.SignatureAlgorithms(
                                        List.of(g, 2308, 2309, 2310, 1027, 2052, 1025, 1283, 2053, 1281, 2054, 1537)),
                                new ExtensionSpec.SupportedVersions(List.of(g, 772, 771)),
                                new ExtensionSpec.EcPointFormats(List.of(0)),
                                new ExtensionSpec.SupportedGroups(List.of(g, 4588, 29, 23, 24)),
                                new ExtensionSpec.KeyShares(List.of(g, 4588, 29), false),
                                new ExtensionSpec.ServerName(),
                                new ExtensionSpec.StatusRequest(),
                                new ExtensionSpec.SignedCertificateTimestamp(),
                                new ExtensionSpec.ExtendedMasterSecret(),
                                new ExtensionSpec.CompressCertificate(List.of(2)),
                                new ExtensionSpec.SessionTicket(),
                                new ExtensionSpec.PskKeyExchangeModes(List.of(1)),
                                new ExtensionSpec.Cookie(),
                                new ExtensionSpec.EncryptedClientHelloGrease(
                                        1, List.of(1), 32, List.of(144, 176, 208, 240)),
                                new ExtensionSpec.RenegotiationInfo(),
                                new ExtensionSpec.GreaseExtension(Octets.of(new byte[1]))),
                        ClientHelloSpec.ExtensionOrder.PERMUTED),
                null,
                null);
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
    public boolean isKnownToFail(Misdeed misdeed) {
        return false;
    }

    @Override
    public String toString() {
        return profile.name();
    }
}
