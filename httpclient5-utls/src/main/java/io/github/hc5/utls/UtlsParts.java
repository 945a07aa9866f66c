package io.github.hc5.utls;

import io.github.hc5.utls.config.FingerprintSettings;
import io.github.hc5.utls.config.HeaderSettings;
import io.github.hc5.utls.config.KeyStores;
import io.github.hc5.utls.config.TlsSettings;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.fingerprint.AcceptLanguages;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection manager and what belongs to it, made from a configuration. Thread-safe; closing the manager, or a client
 * on it, ends all parts.
 */
public final class UtlsParts {

    private static final Logger LOG = LoggerFactory.getLogger(UtlsParts.class);

    private final HotConnectionManager manager;
    private final Resilience resilience;

    private UtlsParts(UtlsConfig config, UnaryOperator<HotConnectionManagerBuilder> changes) {
        config.warnings().forEach(LOG::warn);
        FingerprintSettings.Resolved profiles = config.fingerprint().resolve();
        HotConnectionManagerBuilder builder = HotConnectionManagerBuilder.create()
                .setTlsStrategy(new UtlsTlsStrategy(tls(config.tls(), profiles)))
                .setIOEventHandlerFactory(handlers(config.headers(), profiles))
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(config.tls().httpVersion())
                        .build())
                .setPoolSettings(config.pool())
                .setAddressSettings(config.addresses())
                .setBanSettings(config.bans());
        this.manager = changes.apply(builder).build();
        this.resilience = Resilience.builder()
                .manager(manager)
                .timeouts(config.timeouts())
                .build();
        config.prewarm().orders().forEach(manager::prewarm);
    }

    /**
     * Makes the parts; connections of {@code [prewarm]} begin to open.
     *
     * @throws IllegalArgumentException if a file that the configuration names is no longer as it was when it was checked
     */
    public static UtlsParts of(UtlsConfig config) {
        return of(config, builder -> builder);
    }

    /**
     * Makes the parts with changes that only code can make, as a DNS resolver of one's own.
     *
     * @param changes is given the builder as the configuration has set it
     */
    public static UtlsParts of(UtlsConfig config, UnaryOperator<HotConnectionManagerBuilder> changes) {
        return new UtlsParts(config, changes);
    }

    private static UtlsSslContext tls(TlsSettings tls, FingerprintSettings.Resolved profiles) {
        UtlsSslContext.Builder builder =
                UtlsSslContext.builder().fingerprintPolicy(profiles.policy()).pins(tls.pins());
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
        return builder.build();
    }

    private static UtlsEventHandlerFactory handlers(HeaderSettings headers, FingerprintSettings.Resolved profiles) {
        UtlsEventHandlerFactory.Builder builder = UtlsEventHandlerFactory.builder()
                .setFingerprintPolicy(profiles.policy())
                .setHeaderMode(headers.mode());
        String language = headers.acceptLanguage();
        if (language.equals(HeaderSettings.RANDOM)) {
            builder.setAcceptLanguages(AcceptLanguages.of(
                    AcceptLanguages.familyOf(profiles.profiles().get(0))));
        } else if (!language.equals(HeaderSettings.OF_PROFILE)) {
            builder.setAcceptLanguages(() -> language);
        }
        return builder.build();
    }

    public HotConnectionManager manager() {
        return manager;
    }

    /** Returns what tries requests again and keeps to limits and timeouts. */
    public Resilience resilience() {
        return resilience;
    }

    /**
     * Puts the parts into a builder of clients, and returns it. What a browser sends is the connection's to complete, so
     * the client adds no content codings of its own.
     */
    public HttpAsyncClientBuilder install(HttpAsyncClientBuilder client) {
        return resilience.install(client.setConnectionManager(manager).disableContentCompression());
    }

    /** Returns a started client, with which the manager is closed. */
    public CloseableHttpAsyncClient asyncClient() {
        CloseableHttpAsyncClient client = install(HttpAsyncClients.custom()).build();
        client.start();
        return client;
    }
}
