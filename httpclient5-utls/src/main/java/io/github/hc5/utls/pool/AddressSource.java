package io.github.hc5.utls.pool;

import java.net.InetSocketAddress;
import java.util.List;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;

/**
 * Where the addresses of a host to dial come from, in the order in which they are to be tried. Never blocks its caller.
 */
interface AddressSource {

    /**
     * Finds the addresses.
     *
     * @param host with its port filled in
     * @param callback gets at least one address, or the failure; on the caller's thread or another
     * @return calls the search off; the callback may still come
     */
    Cancellable find(HttpHost host, FutureCallback<List<InetSocketAddress>> callback);

    /** Finds the addresses anew; otherwise as {@link #find}. */
    default Cancellable refresh(HttpHost host, FutureCallback<List<InetSocketAddress>> callback) {
        return find(host, callback);
    }
}
