package io.github.hc5.utls.it.bench;

import com.sun.management.ThreadMXBean;
import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.metrics.FlightRecorderListener;
import io.github.hc5.utls.metrics.UtlsMetrics;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * What metrics and events cost: small requests, {@value #IN_FLIGHT} at a time over one HTTP/2 connection of the hot
 * manager, by turns with nobody listening and with all of it: the response timer in a Prometheus registry that is scraped
 * once a round, and a flight recording of the pool's events. A line gives the medians of the rounds, and the median of the
 * ratios of rounds that followed one another. Bytes are what all threads of the process allocated, for each request.
 *
 * <p>Run with {@code src-it/bench-metrics [rounds [seconds]]}, by default 15 rounds of 2 seconds a side.
 */
public final class MetricsBenchmark {

    private static final int IN_FLIGHT = 128;
    private static final double GIGA = 1e9;
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final CloseableHttpAsyncClient client;
    private final SimpleHttpRequest request;
    private final @Nullable PrometheusMeterRegistry registry;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    private MetricsBenchmark(HotConnectionManager manager, URI uri, @Nullable PrometheusMeterRegistry registry) {
        this.client = Utls.asyncClient(manager);
        this.request = SimpleRequestBuilder.get(uri).build();
        this.registry = registry;
    }

    /** Runs both sides and prints the table. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        long roundNanos = TimeUnit.SECONDS.toNanos(arguments.length > 1 ? Long.parseLong(arguments[1]) : 2);
        BrowserProfile profile = BrowserProfiles.find("chrome-156");
        try (ServerProcess server = ServerProcess.startLean();
                Recording recording = new Recording()) {
            URI uri = URI.create(server.url());
            KeyStore trusted = trusted(server);
            HotConnectionManager watched = Shaping.ON.manager(profile, trusted);
            watched.addListener(FlightRecorderListener.create());
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            new UtlsMetrics(watched).bindTo(registry);
            for (String event : List.of("LeaseWait", "Connect", "Handshake", "Ban", "Eject", "Retire")) {
                recording.enable("utls." + event);
            }
            recording.start();
            MetricsBenchmark off = new MetricsBenchmark(Shaping.ON.manager(profile, trusted), uri, null);
            MetricsBenchmark on = new MetricsBenchmark(watched, uri, registry);
            for (int warmUp = 0; warmUp < 2; warmUp++) {
                off.run(WARM_UP_NANOS);
                on.run(WARM_UP_NANOS);
            }
            for (int round = 0; round < rounds; round++) {
                // who goes first has the cooler machine
                (round % 2 == 0 ? off : on).measure(roundNanos);
                (round % 2 == 0 ? on : off).measure(roundNanos);
            }
            print(off, on);
            off.client.close();
            on.client.close();
        }
    }

    private static void print(MetricsBenchmark off, MetricsBenchmark on) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < off.rates.size(); i++) {
            ratios.add(on.rates.get(i) / off.rates.get(i));
        }
        System.out.printf(
                Locale.ROOT,
                "off: %.0f requests/s, %.0f bytes each%non:  %.0f requests/s, %.0f bytes each (%+.0f)%n"
                        + "on to off, median of %d rounds: %.3f%n",
                median(off.rates),
                median(off.bytes),
                median(on.rates),
                median(on.bytes),
                median(on.bytes) - median(off.bytes),
                ratios.size(),
                median(ratios));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static KeyStore trusted(ServerProcess server) throws Exception {
        try (InputStream pem = Files.newInputStream(server.authority())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            return store;
        }
    }

    private void measure(long nanos) throws Exception {
        System.gc();
        long before = allocatedBytes();
        long start = System.nanoTime();
        long done = run(nanos);
        if (registry != null) {
            registry.scrape();
        }
        rates.add(done * GIGA / (System.nanoTime() - start));
        bytes.add((double) (allocatedBytes() - before) / done);
    }

    private long run(long nanos) throws Exception {
        Semaphore free = new Semaphore(IN_FLIGHT);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        FutureCallback<SimpleHttpResponse> callback = new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                free.release();
            }

            @Override
            public void failed(Exception cause) {
                failure.set(cause);
                free.release();
            }

            @Override
            public void cancelled() {
                free.release();
            }
        };
        long end = System.nanoTime() + nanos;
        long sent = 0;
        while (System.nanoTime() < end && failure.get() == null) {
            free.acquire();
            sent++;
            var unused = client.execute(request, callback);
        }
        free.acquire(IN_FLIGHT);
        Exception cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a request failed", cause);
        }
        return sent;
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long allocated : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(allocated, 0);
        }
        return sum;
    }
}
