package io.github.hc5.utls;

import io.github.hc5.utls.config.FingerprintSettings;
import io.github.hc5.utls.config.HeaderSettings;
import io.github.hc5.utls.config.KeyStores;
import io.github.hc5.utls.config.TlsSettings;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.fingerprint.AcceptLanguages;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.fingerprint.ProfileCatalogue;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.http.WireTracing;
import io.github.hc5.utls.pool.ClientEndpoint;
import io.github.hc5.utls.pool.HostLimits;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The browsers that a configuration names, and what is traced of their HTTP, exchanged while connections are made. Thread-safe. */
final class Browsers implements FingerprintPolicy {

    /** What one configuration says. */
    private record Chosen(FingerprintSettings.Resolved profiles, ProfileCatalogue catalogue, HostLimits limits) {

        static Chosen of(UtlsConfig config) {
            return new Chosen(
                    config.fingerprint().resolve(), config.fingerprint().catalogue(), config.limits());
        }
    }

    private volatile Chosen chosen;
    private volatile WireTracing tracing;

    /** Finds the profiles; an {@link IllegalArgumentException} says that one is unknown or cannot be read. */
    Browsers(UtlsConfig config) {
        this.chosen = Chosen.of(config);
        this.tracing = config.wireTracing();
    }

    /**
     * Finds those of another configuration; what is returned shows them on connections made from then on. What has not
     * changed is not drawn anew.
     */
    Runnable change(UtlsConfig before, UtlsConfig next) {
        Chosen found = next.fingerprint().equals(before.fingerprint())
                ? new Chosen(chosen.profiles(), chosen.catalogue(), next.limits())
                : Chosen.of(next);
        return () -> {
            chosen = found;
            tracing = next.wireTracing();
        };
    }

    @Override
    public BrowserProfile profileFor(String host, int port) {
        return profileFor(host, port, null);
    }

    @Override
    public BrowserProfile profileFor(String host, int port, @Nullable String key) {
        Chosen now = chosen;
        String own = now.limits().of(host).profile();
        return own != null ? now.catalogue().find(own) : now.profiles().policy().profileFor(host, port, key);
    }

    /** @param changes is given the builder as the settings have set it */
    UtlsTlsStrategy tlsStrategy(TlsSettings tls, UnaryOperator<UtlsSslContext.Builder> changes) {
        UtlsSslContext.Builder builder =
                UtlsSslContext.builder().fingerprintPolicy(this).pins(tls.pins());
        Path trustStore = tls.trustStore();
        if (trustStore != null) {
            builder.trustStore(KeyStores.read(trustStore, tls.trustStorePassword()));
        }
        Path keyStore = tls.keyStore();
        if (keyStore != null) {
            String password = tls.keyStorePassword();
            try {
                builder.keyStore(
                        KeyStores.read(keyStore, password), password == null ? new char[0] : password.toCharArray());
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("the keys of " + keyStore + " cannot be read: " + e.getMessage(), e);
            }
        }
        return new UtlsTlsStrategy(changes.apply(builder).build(), ClientEndpoint::keyOf);
    }

    UtlsEventHandlerFactory handlers(HeaderSettings headers) {
        UtlsEventHandlerFactory.Builder builder = UtlsEventHandlerFactory.builder()
                .setFingerprintPolicy(this)
                .setHeaderMode(headers.mode())
                .setWireTracing(() -> tracing);
        String language = headers.acceptLanguage();
        if (language.equals(HeaderSettings.RANDOM)) {
            builder.setAcceptLanguages(AcceptLanguages.of(
                    AcceptLanguages.familyOf(chosen.profiles().profiles().get(0))));
        } else if (!language.equals(HeaderSettings.OF_PROFILE)) {
            builder.setAcceptLanguages(() -> language);
        }
        return builder.build();
    }
}
