package io.github.hc5.utls.it.interop;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/** The profiles under test, and clients that show them. */
enum Browser {
    CHROME("chrome-156"),
    FIREFOX("firefox-153");

    private final String profileName;

    Browser(String name) {
        this.profileName = name;
    }

    BrowserProfile profile() {
        return BrowserProfiles.find(profileName);
    }

    /** Returns a client that negotiates HTTP/2 or HTTP/1.1. */
    StockClient client() {
        return client(HttpVersionPolicy.NEGOTIATE);
    }

    StockClient client(HttpVersionPolicy policy) {
        return new StockClient(strategy(profile()), policy);
    }

    /** Returns a client that has a certificate to show. */
    StockClient client(Identity identity) {
        return client(profile(), identity);
    }

    static StockClient client(BrowserProfile profile, Identity identity) {
        UtlsSslContext context = UtlsSslContext.builder()
                .profile(profile)
                .trustManager(TestPki.SERVERS.trustManager())
                .keyManager(identity.keyManager())
                .build();
        return new StockClient(new UtlsTlsStrategy(context), HttpVersionPolicy.NEGOTIATE);
    }

    static UtlsTlsStrategy strategy(BrowserProfile profile) {
        return new UtlsTlsStrategy(UtlsSslContext.builder()
                .profile(profile)
                .trustManager(TestPki.SERVERS.trustManager())
                .build());
    }
}
