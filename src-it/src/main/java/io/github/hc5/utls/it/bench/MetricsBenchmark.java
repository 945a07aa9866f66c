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
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.jspecify.annotations.Nullable;

/**
 * What metrics and events cost: small requests, {@value #IN_FLIGHT} at a time over one HTTP/2 connection of the hot
 * manager, by turns with nobody listening and with all of it: the response timer in a Prometheus registry that is scraped
 * once a round, and a flight recording of the pool's events. A line gives the medians of the rounds, and the median of the
 * ratios of rounds that followed one another. Bytes are what all threads of the process allocated, for each request.
 *
 * <p>Then {@link ReloadBenchmark}. Run with {@code src-it/bench-metrics [rounds [seconds]]}, by default 15 rounds of 2
 * seconds a side.
 */
public final class MetricsBenchmark implements AutoCloseable {

    static final int IN_FLIGHT = 128;

    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final CloseableHttpAsyncClient client;
    private final InFlightLoad load;
    private final @Nullable PrometheusMeterRegistry registry;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    private MetricsBenchmark(HotConnectionManager manager, URI uri, @Nullable PrometheusMeterRegistry registry) {
        this.client = Utls.asyncClient(manager);
        this.load = new InFlightLoad(client, uri, IN_FLIGHT);
        this.registry = registry;
    }

    /** Runs both measurements and prints their tables. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 2;
        System.out.printf(
                "%d in flight; Java %s, %d processors, %d rounds of %d s%n",
                IN_FLIGHT,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                rounds,
                seconds);
        try (ServerProcess server = ServerProcess.startLean()) {
            compare(server, rounds, TimeUnit.SECONDS.toNanos(seconds));
            ReloadBenchmark.compare(server, rounds, TimeUnit.SECONDS.toNanos(seconds));
        }
    }

    private static void compare(ServerProcess server, int rounds, long roundNanos) throws Exception {
        BrowserProfile profile = BrowserProfiles.find("chrome-156");
        URI uri = URI.create(server.url());
        KeyStore trusted = trusted(server);
        HotConnectionManager watched = Shaping.ON.manager(profile, trusted);
        watched.addListener(FlightRecorderListener.create());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new UtlsMetrics(watched).bindTo(registry);
        try (Recording recording = new Recording();
                MetricsBenchmark off = new MetricsBenchmark(Shaping.ON.manager(profile, trusted), uri, null);
                MetricsBenchmark on = new MetricsBenchmark(watched, uri, registry)) {
            for (String event : List.of("LeaseWait", "Connect", "Handshake", "Ban", "Eject", "Retire")) {
                recording.enable("utls." + event);
            }
            recording.start();
            for (int warmUp = 0; warmUp < 2; warmUp++) {
                off.load.run(WARM_UP_NANOS);
                on.load.run(WARM_UP_NANOS);
            }
            for (int round = 0; round < rounds; round++) {
                // who goes first has the cooler machine
                (round % 2 == 0 ? off : on).measure(roundNanos);
                (round % 2 == 0 ? on : off).measure(roundNanos);
            }
            print(off, on);
        }
    }

    private static void print(MetricsBenchmark off, MetricsBenchmark on) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < off.rates.size(); i++) {
            ratios.add(on.rates.get(i) / off.rates.get(i));
        }
        System.out.printf(
                Locale.ROOT,
                "metrics and events off: %.0f requests/s, %.0f bytes each%n"
                        + "metrics and events on:  %.0f requests/s, %.0f bytes each%n"
                        + "on to off: %.3f (to be at least 0.97)%n",
                median(off.rates),
                median(off.bytes),
                median(on.rates),
                median(on.bytes),
                median(ratios));
    }

    static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static KeyStore trusted(ServerProcess server) throws GeneralSecurityException, IOException {
        try (InputStream pem = Files.newInputStream(server.authority())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            return store;
        }
    }

    private void measure(long nanos) throws InterruptedException {
        System.gc();
        long before = allocatedBytes();
        InFlightLoad.Round round = load.run(nanos).whole();
        if (registry != null) {
            registry.scrape();
        }
        rates.add(round.requestsPerSecond());
        bytes.add((double) (allocatedBytes() - before) / round.answered());
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long allocated : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(allocated, 0);
        }
        return sum;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
