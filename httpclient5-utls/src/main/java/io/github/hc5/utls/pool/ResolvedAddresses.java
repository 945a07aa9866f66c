package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.TargetAddresses;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

/**
 * The addresses that {@link TargetAddresses} knows. A resolver may block, and a dial may begin on an I/O thread, so names
 * are resolved on threads of their own.
 */
final class ResolvedAddresses implements AddressSource {

    private static final int THREADS = 8;

    private final TargetAddresses addresses;
    private final ExecutorService executor;

    ResolvedAddresses(DnsResolver resolver, AddressSettings settings, ThreadFactory threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        this.executor = pool;
        this.addresses = new TargetAddresses(resolver, settings, pool, System::nanoTime);
    }

    @Override
    public Cancellable find(HttpHost host, FutureCallback<List<InetSocketAddress>> callback) {
        return tell(addresses.find(host.getHostName(), host.getPort()), callback);
    }

    @Override
    public Cancellable refresh(HttpHost host, FutureCallback<List<InetSocketAddress>> callback) {
        return tell(addresses.refresh(host.getHostName(), host.getPort()), callback);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are told
    private static Cancellable tell(
            CompletableFuture<List<InetSocketAddress>> found, FutureCallback<List<InetSocketAddress>> callback) {
        found.whenComplete((result, failure) -> {
            if (result != null) {
                callback.completed(result);
            } else if (failure instanceof RejectedExecutionException) {
                callback.cancelled();
            } else {
                callback.failed(failure instanceof Exception cause ? cause : new IllegalStateException(failure));
            }
        });
        return () -> false;
    }

    void close() {
        executor.shutdownNow();
    }
}
