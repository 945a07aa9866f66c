package io.github.hc5.utls.pool;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.InetAddressUtils;

/**
 * The addresses that a {@link DnsResolver} gives, in its order. A resolver may block, and a dial may begin on an I/O
 * thread, so names are resolved on threads of their own; IP literals on the spot.
 */
final class ResolvedAddresses implements AddressSource {

    private static final int THREADS = 8;

    private final DnsResolver resolver;
    private final ExecutorService executor;

    ResolvedAddresses(DnsResolver resolver, ThreadFactory threads) {
        this.resolver = resolver;
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        this.executor = pool;
    }

    @Override
    public Cancellable find(HttpHost host, FutureCallback<List<InetSocketAddress>> callback) {
        String name = host.getHostName();
        if (InetAddressUtils.isIPv4(name)
                || InetAddressUtils.isIPv6(name)
                || InetAddressUtils.isIPv6URLBracketed(name)) {
            resolve(host, callback);
            return () -> false;
        }
        try {
            executor.execute(() -> resolve(host, callback));
        } catch (RejectedExecutionException closed) {
            callback.cancelled();
        }
        return () -> false;
    }

    private void resolve(HttpHost host, FutureCallback<List<InetSocketAddress>> callback) {
        List<InetSocketAddress> addresses;
        try {
            addresses = resolver.resolve(host.getHostName(), host.getPort());
            if (addresses == null || addresses.isEmpty()) {
                throw new UnknownHostException(host.getHostName());
            }
        } catch (UnknownHostException | RuntimeException e) {
            callback.failed(e);
            return;
        }
        callback.completed(addresses);
    }

    void close() {
        executor.shutdownNow();
    }
}
