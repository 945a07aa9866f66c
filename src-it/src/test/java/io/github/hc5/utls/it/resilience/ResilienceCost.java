package io.github.hc5.utls.it.resilience;

import com.sun.management.ThreadMXBean;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Resilience;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;

/**
 * What resilience costs where nothing fails: requests a second and bytes allocated for each, of a client with it and one
 * without, by turns in one run, 128 requests in flight. Run its main method; arguments: rounds, seconds of each.
 */
final class ResilienceCost {

    private static final int CONCURRENCY = 128;

    /** One measurement. */
    private record Sample(double perSecond, double bytes) {}

    private ResilienceCost() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        try (FaultServer server = new FaultServer(90, 1, () -> "", (local, id) -> Fault.NONE);
                HotConnectionManager bare =
                        World.manager(server.addresses, CONCURRENCY).build();
                HotConnectionManager safe =
                        World.manager(server.addresses, CONCURRENCY).build()) {
            server.doNotRecordAddresses();
            CloseableHttpAsyncClient without = HttpAsyncClients.custom()
                    .setConnectionManager(bare)
                    .disableCookieManagement()
                    .disableContentCompression()
                    .build();
            without.start();
            Resilience resilience = World.resilience(safe).build();
            CloseableHttpAsyncClient with = World.client(safe, resilience);
            String url = "http://" + World.HOST + ":" + server.port() + "/";
            measure(without, url, seconds);
            measure(with, url, seconds);
            List<Sample> a = new ArrayList<>();
            List<Sample> b = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                a.add(measure(without, url, seconds));
                b.add(measure(with, url, seconds));
            }
            double rate = median(a.stream().map(Sample::perSecond).toList());
            double rateWith = median(b.stream().map(Sample::perSecond).toList());
            double bytes = median(a.stream().map(Sample::bytes).toList());
            double bytesWith = median(b.stream().map(Sample::bytes).toList());
            System.out.printf(
                    Locale.ROOT,
                    "without: %.0f requests/s, %.0f bytes each%nwith:    %.0f requests/s (%+.1f %%), %.0f bytes each"
                            + " (%+.0f)%n",
                    rate,
                    bytes,
                    rateWith,
                    100 * (rateWith / rate - 1),
                    bytesWith,
                    bytesWith - bytes);
            with.close();
            without.close();
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static Sample measure(CloseableHttpAsyncClient client, String url, int seconds) throws Exception {
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        AtomicLong done = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(CONCURRENCY);
        long allocated = allocated();
        long start = System.nanoTime();
        for (int i = 0; i < CONCURRENCY; i++) {
            new FutureCallback<SimpleHttpResponse>() {
                void next() {
                    if (System.nanoTime() - until >= 0) {
                        ended.countDown();
                        return;
                    }
                    SimpleHttpRequest request = SimpleRequestBuilder.get(url).build();
                    Future<SimpleHttpResponse> unused = client.execute(request, this);
                }

                @Override
                public void completed(SimpleHttpResponse response) {
                    done.incrementAndGet();
                    next();
                }

                @Override
                public void failed(Exception cause) {
                    throw new IllegalStateException(cause);
                }

                @Override
                public void cancelled() {
                    throw new IllegalStateException("cancelled");
                }
            }.next();
        }
        ended.await();
        double elapsed = (System.nanoTime() - start) / 1e9;
        return new Sample(done.get() / elapsed, (double) (allocated() - allocated) / done.get());
    }

    /** What all threads have allocated but the server's. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && !info.getThreadName().equals("fault-server")) {
                sum += threads.getThreadAllocatedBytes(info.getThreadId());
            }
        }
        return sum;
    }
}
