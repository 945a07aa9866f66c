package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.CodePoints;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.ProfiledSession;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSessionBindingEvent;
import javax.net.ssl.SSLSessionBindingListener;
import javax.net.ssl.SSLSessionContext;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection, with what was negotiated and whose browser was shown. The engine's I/O writes it during
 * the handshake; afterwards it no longer changes but for the application's values, and is safe for use by several threads.
 */
public final class UtlsSslSession extends ExtendedSSLSession implements ProfiledSession {

    /** The value by which those who know nothing of profiles can name this session's. */
    private static final String PROFILE_NAME = "io.github.hc5.utls.profile.name";

    /** The value by which they can ask whether the handshake resumed an earlier session. */
    private static final String RESUMED = "io.github.hc5.utls.resumed";

    /** A record's header, the longest plaintext, and the expansion that TLS 1.2 allows (RFC 5246 section 6.2.3). */
    static final int PACKET_BUFFER_SIZE = 5 + (1 << 14) + 2048;

    /** The longest plaintext, and room for the type and padding that the cipher of TLS 1.3 leaves behind it. */
    static final int APPLICATION_BUFFER_SIZE = (1 << 14) + 256;

    private static final String NONE = "NONE";

    private final BrowserProfile profile;
    private final @Nullable String peerHost;
    private final int peerPort;
    private final @Nullable String serverName;
    private final SSLSessionContext context;
    private final long creationTime;
    private final Map<String, Object> values = new ConcurrentHashMap<>();

    private volatile byte[] id = new byte[0];
    private volatile boolean valid = true;
    private volatile String protocol = NONE;
    private volatile String cipherSuite = "SSL_NULL_WITH_NULL_NULL";
    private volatile int namedGroup = -1;
    private volatile List<X509Certificate> peerChain = List.of();
    private volatile List<X509Certificate> localChain = List.of();
    private volatile List<byte[]> statusResponses = List.of();
    private volatile List<Integer> peerSchemes = List.of();

    UtlsSslSession(
            BrowserProfile profile,
            @Nullable String peerHost,
            int peerPort,
            @Nullable String serverName,
            SSLSessionContext context,
            long creationTime) {
        this.profile = profile;
        this.peerHost = peerHost;
        this.peerPort = peerPort;
        this.serverName = serverName;
        this.context = context;
        this.creationTime = creationTime;
    }

    /** Returns the profile whose ClientHello this connection sent. */
    @Override
    public BrowserProfile profile() {
        return profile;
    }

    /** Returns the IANA number of the group of a TLS 1.3 key exchange, or -1 before it and in TLS 1.2. */
    public int namedGroup() {
        return namedGroup;
    }

    /** Returns whether the handshake resumed an earlier session. */
    public boolean resumed() {
        return false;
    }

    void negotiated(SecurityParameters parameters) {
        ProtocolVersion version = parameters.getNegotiatedVersion();
        if (version != null) {
            protocol = switch (version.getFullVersion()) {
                case 0x0301 -> "TLSv1";
                case 0x0302 -> "TLSv1.1";
                case 0x0303 -> "TLSv1.2";
                default -> "TLSv1.3";
            };
        }
        if (parameters.getCipherSuite() > 0) {
            cipherSuite = CodePoints.CIPHER_SUITE.nameOf(parameters.getCipherSuite());
        }
        byte[] sessionId = parameters.getSessionID();
        if (sessionId != null) {
            id = sessionId.clone();
        }
        Collection<?> schemes = parameters.getServerSigAlgs();
        if (schemes != null) {
            List<Integer> codePoints = new ArrayList<>();
            for (Object scheme : schemes) {
                codePoints.add(org.bouncycastle.tls.SignatureScheme.from((SignatureAndHashAlgorithm) scheme));
            }
            peerSchemes = List.copyOf(codePoints);
        }
    }

    void namedGroup(int group) {
        namedGroup = group;
    }

    void peerChain(List<X509Certificate> chain, List<byte[]> stapled) {
        peerChain = List.copyOf(chain);
        statusResponses = List.copyOf(stapled);
    }

    void localChain(List<X509Certificate> chain) {
        localChain = List.copyOf(chain);
    }

    List<Integer> peerSchemes() {
        return peerSchemes;
    }

    @Override
    public byte[] getId() {
        return id.clone();
    }

    @Override
    public SSLSessionContext getSessionContext() {
        return context;
    }

    @Override
    public long getCreationTime() {
        return creationTime;
    }

    @Override
    public long getLastAccessedTime() {
        return creationTime;
    }

    @Override
    public void invalidate() {
        valid = false;
    }

    @Override
    public boolean isValid() {
        return valid && !protocol.equals(NONE);
    }

    @Override
    public void putValue(@Nullable String name, @Nullable Object value) {
        if (name == null || value == null) {
            throw new IllegalArgumentException("a session's values have a name and are not null");
        }
        Object old = values.put(name, value);
        if (value instanceof SSLSessionBindingListener listener) {
            listener.valueBound(new SSLSessionBindingEvent(this, name));
        }
        if (old instanceof SSLSessionBindingListener listener) {
            listener.valueUnbound(new SSLSessionBindingEvent(this, name));
        }
    }

    @Override
    public @Nullable Object getValue(String name) {
        return switch (name) {
            case PROFILE_NAME -> profile().name();
            case RESUMED -> resumed();
            default -> values.get(name);
        };
    }

    @Override
    public void removeValue(String name) {
        if (values.remove(name) instanceof SSLSessionBindingListener listener) {
            listener.valueUnbound(new SSLSessionBindingEvent(this, name));
        }
    }

    @Override
    public String[] getValueNames() {
        return values.keySet().toArray(String[]::new);
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        if (peerChain.isEmpty()) {
            throw new SSLPeerUnverifiedException("no certificate from " + peerHost + " yet");
        }
        return peerChain.toArray(Certificate[]::new);
    }

    @Override
    public Certificate @Nullable [] getLocalCertificates() {
        return localChain.isEmpty() ? null : localChain.toArray(Certificate[]::new);
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        return ((X509Certificate) getPeerCertificates()[0]).getSubjectX500Principal();
    }

    @Override
    public @Nullable Principal getLocalPrincipal() {
        return localChain.isEmpty() ? null : localChain.get(0).getSubjectX500Principal();
    }

    @Override
    public String getCipherSuite() {
        return cipherSuite;
    }

    @Override
    public String getProtocol() {
        return protocol;
    }

    @Override
    public @Nullable String getPeerHost() {
        return peerHost;
    }

    @Override
    public int getPeerPort() {
        return peerPort;
    }

    @Override
    public int getPacketBufferSize() {
        return PACKET_BUFFER_SIZE;
    }

    @Override
    public int getApplicationBufferSize() {
        return APPLICATION_BUFFER_SIZE;
    }

    @Override
    public String[] getLocalSupportedSignatureAlgorithms() {
        return profile.hello()
                .extension(ExtensionSpec.SignatureAlgorithms.class)
                .map(schemes -> SignatureScheme.jdkNames(schemes.schemes()))
                .orElseGet(() -> new String[0]);
    }

    @Override
    public String[] getPeerSupportedSignatureAlgorithms() {
        return SignatureScheme.jdkNames(peerSchemes);
    }

    @Override
    public List<SNIServerName> getRequestedServerNames() {
        return Optional.ofNullable(serverName)
                .map(name -> List.<SNIServerName>of(new SNIHostName(name)))
                .orElse(List.of());
    }

    @Override
    public List<byte[]> getStatusResponses() {
        return statusResponses.stream().map(byte[]::clone).toList();
    }

    @Override
    public String toString() {
        return profile.name() + " with " + peerHost + ':' + peerPort + ' ' + protocol + ' ' + cipherSuite;
    }
}
