package io.github.hc5.utls.it.bench;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.HeaderSlot;
import io.github.hc5.utls.fingerprint.RequestKind;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.net.URI;
import java.security.KeyStore;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;

/** How HTTP/2 is spoken above the same TLS, whose hello is the browser's in any case. */
enum Shaping {
    /** As the protocol's defaults have it, with no more headers than the client sets. */
    OFF,
    /** As the protocol's defaults have it, with the browser's headers set by the application. */
    OFF_SAME_HEADERS {
        @Override
        SimpleHttpRequest request(URI uri, BrowserProfile profile) {
            SimpleRequestBuilder request = SimpleRequestBuilder.get(uri);
            for (HeaderSlot slot : profile.headers().slots(RequestKind.NAVIGATION)) {
                if (slot instanceof HeaderSlot.Default header && slot.isOn(true)) {
                    request.addHeader(header.name(), header.value());
                }
            }
            return request.build();
        }
    },
    /** As the browser. */
    ON {
        @Override
        IOEventHandlerFactory handlers() {
            return UtlsEventHandlerFactory.builder().build();
        }
    };

    IOEventHandlerFactory handlers() {
        return UtlsEventHandlerFactory.builder().setShaped(false).build();
    }

    /** Returns what is sent again and again. */
    SimpleHttpRequest request(URI uri, BrowserProfile profile) {
        return SimpleRequestBuilder.get(uri).build();
    }

    HotConnectionManager manager(BrowserProfile profile, KeyStore trusted) {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(new UtlsTlsStrategy(UtlsSslContext.builder()
                        .profile(profile)
                        .trustStore(trusted)
                        .build()))
                .setIOEventHandlerFactory(handlers())
                .setMaxConnPerRoute(1)
                .build();
    }
}
