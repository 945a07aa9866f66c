package io.github.hc5.utls.it.address;

import io.github.hc5.utls.it.servers.CertificateAuthority;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;

/** A DNS that says of the tests' host what the test wants. */
final class Names implements DnsResolver {

    private volatile List<InetAddress> addresses;
    private final AtomicInteger asked = new AtomicInteger();

    Names(List<InetAddress> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    void become(List<InetAddress> newAddresses) {
        addresses = List.copyOf(newAddresses);
    }

    int asked() {
        return asked.get();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        asked.incrementAndGet();
        if (!host.equals(CertificateAuthority.SERVER_NAME) || addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
