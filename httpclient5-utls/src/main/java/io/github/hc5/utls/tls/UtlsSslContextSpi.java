package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/** Makes the engines of {@link UtlsSslContext}. Safe for use by several threads. */
final class UtlsSslContextSpi extends SSLContextSpi {

    private static final String ENGINES_ONLY = "only SSL engines can be made: a browser's hello needs one";

    private final FingerprintPolicy policy;
    private final ServerTrust trust;
    private final @Nullable X509KeyManager keyManager;
    private final KeySharePool keyShares;
    private final SecureRandom random;
    private final Clock clock;
    private final RecentServers recent;

    /** Whose connections are made; {@code null}: nobody's in particular. */
    private final @Nullable String key;

    UtlsSslContextSpi(
            FingerprintPolicy policy,
            ServerTrust trust,
            @Nullable X509KeyManager keyManager,
            KeySharePool keyShares,
            SecureRandom random,
            Clock clock) {
        this.policy = policy;
        this.trust = trust;
        this.keyManager = keyManager;
        this.keyShares = keyShares;
        this.random = random;
        this.clock = clock;
        this.recent = new RecentServers();
        this.key = null;
    }

    /** The same for the connections of one key. */
    UtlsSslContextSpi(UtlsSslContextSpi all, String key) {
        this.policy = all.policy;
        this.trust = all.trust;
        this.keyManager = all.keyManager;
        this.keyShares = all.keyShares;
        this.random = all.random;
        this.clock = all.clock;
        this.recent = all.recent;
        this.key = key;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return engineCreateSSLEngine(null, -1);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(@Nullable String host, int port) {
        BrowserProfile profile = policy.profileFor(host == null ? "" : host, port, key);
        profile.hello().extension(ExtensionSpec.KeyShares.class).ifPresent(keyShares::prepare);
        String serverName = HostNames.serverName(host);
        UtlsSslSession session =
                new UtlsSslSession(profile, host, port, serverName, NoSessions.INSTANCE, clock.millis());
        return new UtlsSslEngine(host, port, new EngineParameters(profile, serverName), session, this::protocol);
    }

    private UtlsClientProtocol protocol(UtlsSslEngine engine, RecordTargets targets, RecordOutput records) {
        MixedTlsCrypto crypto = new MixedTlsCrypto(random, targets, recent);
        ClientHelloSpec spec = engine.profile().hello();
        EngineParameters parameters = engine.parameters();
        KeyShareSet keys = keys(spec);
        HelloDraw draw = new HelloDraw(
                spec, parameters.serverName(), parameters.applicationProtocols(), keys.decoyKey(), random);
        HandshakeAuthentication authentication = new HandshakeAuthentication(engine, trust, keyManager, crypto);
        UtlsTlsClient client = new UtlsTlsClient(crypto, spec, draw, parameters.serverName(), authentication);
        return new UtlsClientProtocol(spec, draw, keys, client, engine::plaintext, records, recent, clock);
    }

    private KeyShareSet keys(ClientHelloSpec spec) {
        Optional<ExtensionSpec.KeyShares> shares = spec.extension(ExtensionSpec.KeyShares.class);
        try {
            return shares.isPresent() ? keyShares.take(shares.get()) : KeyShareSet.NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return engineCreateSSLEngine().getSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return engineCreateSSLEngine().getSSLParameters();
    }

    @Override
    protected void engineInit(
            KeyManager @Nullable [] keys, TrustManager @Nullable [] trusted, @Nullable SecureRandom source)
            throws KeyManagementException {
        throw new KeyManagementException("this context is complete when built; use its builder");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        throw new UnsupportedOperationException(ENGINES_ONLY);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        throw new UnsupportedOperationException(ENGINES_ONLY);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return NoSessions.INSTANCE;
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return NoSessions.INSTANCE;
    }

    /** Sessions are not kept. */
    private enum NoSessions implements SSLSessionContext {
        INSTANCE;

        @Override
        public @Nullable SSLSession getSession(byte[] sessionId) {
            return null;
        }

        @Override
        public Enumeration<byte[]> getIds() {
            return Collections.emptyEnumeration();
        }

        @Override
        public void setSessionTimeout(int seconds) {
            throw new UnsupportedOperationException("sessions are not kept");
        }

        @Override
        public int getSessionTimeout() {
            return 0;
        }

        @Override
        public void setSessionCacheSize(int size) {
            throw new UnsupportedOperationException("sessions are not kept");
        }

        @Override
        public int getSessionCacheSize() {
            return 0;
        }
    }
}
