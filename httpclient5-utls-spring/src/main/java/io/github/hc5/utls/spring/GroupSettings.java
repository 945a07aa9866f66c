package io.github.hc5.utls.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientSettingsPropertyMapper;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.Ordered;

/** The settings of a group of HTTP interfaces, as Boot reads them from {@code spring.http.serviceclient}. */
final class GroupSettings {

    /** Right behind Boot's own configurer, which it corrects, and before those of the application. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 20;

    private final ObjectProvider<HttpServiceClientProperties> properties;
    private final ObjectProvider<SslBundles> bundles;
    private final ObjectProvider<HttpClientSettings> settings;

    GroupSettings(
            ObjectProvider<HttpServiceClientProperties> properties,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<HttpClientSettings> settings) {
        this.properties = properties;
        this.bundles = bundles;
        this.settings = settings;
    }

    HttpClientSettings of(String group) {
        HttpServiceClientProperties all = properties.getIfAvailable();
        return new HttpClientSettingsPropertyMapper(bundles.getIfAvailable(), settings.getIfAvailable())
                .map(all == null ? null : all.get(group));
    }
}
