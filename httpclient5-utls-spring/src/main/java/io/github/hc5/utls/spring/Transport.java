package io.github.hc5.utls.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.ssl.SslBundle;

/**
 * What of a client's settings a connection depends on: clients that differ in it cannot share connections.
 *
 * @param sslBundle whom to trust and which certificate to show; {@code null}: as the pool's properties say
 * @param filter which addresses may be dialled; {@code null}: as the pool's properties say
 */
record Transport(@Nullable SslBundle sslBundle, @Nullable InetAddressFilter filter) {

    static Transport of(HttpClientSettings settings) {
        return new Transport(settings.sslBundle(), settings.inetAddressFilter());
    }
}
