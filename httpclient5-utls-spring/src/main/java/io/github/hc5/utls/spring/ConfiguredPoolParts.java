package io.github.hc5.utls.spring;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.tls.UtlsSslContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** Makes managers as the properties say. */
record ConfiguredPoolParts(BrowserProfile profile) implements PoolParts {

    @Override
    public HotConnectionManager manager(Transport transport) {
        UtlsSslContext.Builder tls = UtlsSslContext.builder().profile(profile);
        if (transport.sslBundle() != null) {
            BundleTls.apply(transport.sslBundle(), tls);
        }
        HotConnectionManagerBuilder builder = Utls.connectionManagerBuilder(tls.build());
        if (transport.filter() != null) {
            builder.setDnsResolver(new FilteredDnsResolver(SystemDefaultDnsResolver.INSTANCE, transport.filter()));
        }
        return builder.build();
    }

    @Override
    public CloseableHttpAsyncClient client(HotConnectionManager manager) {
        return SharedClients.on(manager);
    }
}
