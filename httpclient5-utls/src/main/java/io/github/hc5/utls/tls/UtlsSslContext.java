package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * An {@link SSLContext} whose engines show a browser's ClientHello. It makes engines only, for clients only: what needs
 * sockets gets an {@link UnsupportedOperationException}.
 *
 * <p>Certificates are verified against the JDK's trust store and the host name is checked, unless told otherwise. Give
 * the peer's host and port to {@link #createSSLEngine(String, int)}: the host is what is verified and sent as server
 * name, and both are what the {@link FingerprintPolicy} chooses by. Instances are safe for use by several threads.
 */
public final class UtlsSslContext extends SSLContext {

    private static final Provider PROVIDER = new UtlsProvider();

    private final UtlsSslContextSpi spi;

    private UtlsSslContext(UtlsSslContextSpi spi) {
        super(spi, PROVIDER, "TLS");
        this.spi = spi;
    }

    /**
     * Returns this context for connections that belong to one key, by which a {@link FingerprintPolicy} may choose the
     * profile; trust, keys and all else are shared.
     */
    public UtlsSslContext forKey(String key) {
        return new UtlsSslContext(new UtlsSslContextSpi(spi, key));
    }

    /** Starts to describe a context. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a context's settings. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable FingerprintPolicy policy;
        private @Nullable X509TrustManager trustManager;
        private @Nullable KeyStore trustStore;
        private @Nullable X509KeyManager keyManager;
        private SpkiPins pins = SpkiPins.none();
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** Shows the same browser on every connection. */
        public Builder profile(BrowserProfile profile) {
            return fingerprintPolicy(FingerprintPolicy.fixed(profile));
        }

        /** Chooses the browser of each connection. */
        public Builder fingerprintPolicy(FingerprintPolicy value) {
            policy = value;
            return this;
        }

        /**
         * Verifies servers by the given trust manager, which is asked on every handshake; by default, by the JDK's own
         * with the JDK's trust store. The host name is verified besides.
         */
        public Builder trustManager(X509TrustManager value) {
            trustManager = value;
            return this;
        }

        /**
         * Trusts the certificates of a key store, and none else. As with the default, a chain that was verified for a
         * host is not verified again for half an hour, but for its dates. Replaces a trust manager given before.
         */
        public Builder trustStore(KeyStore store) {
            trustStore = store;
            trustManager = null;
            return this;
        }

        /** Offers client certificates from the given key manager; by default there are none. */
        public Builder keyManager(X509KeyManager value) {
            keyManager = value;
            return this;
        }

        /**
         * Offers client certificates from a key store.
         *
         * @param store the key store
         * @param password the password of its keys
         * @throws GeneralSecurityException if a key cannot be read
         */
        public Builder keyStore(KeyStore store, char[] password) throws GeneralSecurityException {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return keyManager(Arrays.stream(factory.getKeyManagers())
                    .filter(X509KeyManager.class::isInstance)
                    .map(X509KeyManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new GeneralSecurityException("the JDK has no X.509 key manager")));
        }

        /** Demands public keys for some hosts, besides a trusted chain. */
        public Builder pins(SpkiPins value) {
            pins = value;
            return this;
        }

        /** Tells the time, for session and credential lifetimes; the system's by default. */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /**
         * Returns the context.
         *
         * @throws IllegalStateException if neither a profile nor a policy was given, or the trust store cannot be read
         */
        public UtlsSslContext build() {
            if (policy == null) {
                throw new IllegalStateException("no browser profile: call profile(...) or fingerprintPolicy(...)");
            }
            ServerTrust trust = serverTrust();
            SecureRandom random = new SecureRandom();
            KeySharePool keyShares = new KeySharePool(random);
            return new UtlsSslContext(new UtlsSslContextSpi(policy, trust, keyManager, keyShares, random, clock));
        }

        private ServerTrust serverTrust() {
            if (trustManager != null) {
                return new ServerTrust(trustManager, pins, null);
            }
            try {
                return new ServerTrust(trustManagerOf(trustStore), pins, new VerifiedChains(clock));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the trust store cannot be read: " + e.getMessage(), e);
            }
        }

        private static X509TrustManager trustManagerOf(@Nullable KeyStore store) throws GeneralSecurityException {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new GeneralSecurityException("the JDK has no X.509 trust manager"));
        }
    }

    /** The name under which {@link SSLContext#getProvider()} shows; it registers nothing. */
    private static final class UtlsProvider extends Provider {
        private static final long serialVersionUID = 1L;

        UtlsProvider() {
            super("httpclient5-utls", "1", "TLS with browser fingerprints");
        }
    }
}
