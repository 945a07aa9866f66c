package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.CodePoints;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Grease;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What an application may change of an engine before the handshake: the names, the ALPN offer, the verification of the
 * host. The rest is the browser's, and a wish for something else is refused rather than ignored.
 */
final class EngineParameters {

    private static final String HTTPS = "HTTPS";

    private final BrowserProfile profile;
    private volatile List<String> applicationProtocols;
    private volatile @Nullable String serverName;
    private volatile @Nullable String endpointIdentification = HTTPS;

    /**
     * @param profile the browser shown
     * @param serverName the name for SNI by default, null for none
     */
    EngineParameters(BrowserProfile profile, @Nullable String serverName) {
        this.profile = profile;
        this.serverName = serverName;
        this.applicationProtocols = HelloDraw.protocols(profile.hello(), false);
    }

    List<String> applicationProtocols() {
        return applicationProtocols;
    }

    @Nullable
    String serverName() {
        return serverName;
    }

    boolean verifiesHost() {
        return HTTPS.equalsIgnoreCase(endpointIdentification);
    }

    String[] cipherSuites() {
        return profile.hello().cipherSuites().stream()
                .filter(suite -> suite != Grease.PLACEHOLDER)
                .map(CodePoints.CIPHER_SUITE::nameOf)
                .toArray(String[]::new);
    }

    String[] protocols() {
        return profile
                .hello()
                .extension(ExtensionSpec.SupportedVersions.class)
                .map(ExtensionSpec.SupportedVersions::versions)
                .orElse(List.of(0x0303))
                .stream()
                .filter(version -> version != Grease.PLACEHOLDER)
                .map(version -> version == 0x0301 ? "TLSv1" : "TLSv1." + (version - 0x0301))
                .toArray(String[]::new);
    }

    SSLParameters toSslParameters() {
        SSLParameters parameters = new SSLParameters(cipherSuites(), protocols());
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
        if (serverName != null) {
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        return parameters;
    }

    /**
     * Takes over what may be changed.
     *
     * @throws IllegalArgumentException if the cipher suites or protocols are not the profile's, an ALPN name is not among
     *     the profile's, or the endpoint identification is not HTTPS or absent
     */
    void apply(SSLParameters wanted) {
        requireCipherSuites(wanted.getCipherSuites());
        requireProtocols(wanted.getProtocols());
        List<String> offered = HelloDraw.protocols(profile.hello(), false);
        List<String> names = List.of(wanted.getApplicationProtocols());
        if (!offered.containsAll(names)) {
            throw new IllegalArgumentException(
                    "ALPN " + names + " is not part of what " + profile.name() + " offers: " + offered);
        }
        String identification = wanted.getEndpointIdentificationAlgorithm();
        if (identification != null && !identification.isEmpty() && !HTTPS.equalsIgnoreCase(identification)) {
            throw new IllegalArgumentException(
                    "endpoint identification '" + identification + "' is not known, only HTTPS");
        }
        applicationProtocols = names;
        endpointIdentification = identification;
        List<SNIServerName> serverNames = wanted.getServerNames();
        if (serverNames != null) {
            serverName = serverNames.stream()
                    .filter(SNIHostName.class::isInstance)
                    .map(name -> ((SNIHostName) name).getAsciiName())
                    .findFirst()
                    .orElse(null);
        }
    }

    void requireCipherSuites(String @Nullable [] suites) {
        requireSame("cipher suites", suites, cipherSuites());
    }

    void requireProtocols(String @Nullable [] protocols) {
        requireSame("protocols", protocols, protocols());
    }

    private void requireSame(String what, String @Nullable [] wanted, String[] own) {
        if (wanted != null && !Arrays.equals(wanted, own)) {
            throw new IllegalArgumentException("the " + what + " of " + profile.name() + " are "
                    + Arrays.toString(own) + ", not " + Arrays.toString(wanted)
                    + ": to change them would change the fingerprint");
        }
    }
}
