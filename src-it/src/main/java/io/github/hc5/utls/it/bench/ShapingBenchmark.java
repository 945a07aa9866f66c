package io.github.hc5.utls.it.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to speak HTTP/2 as the browser: small requests, {@value #IN_FLIGHT} at a time over one connection of the hot
 * manager, with shaping on and off above the same TLS. The sides take turns; a line gives the medians of the rounds. Bytes
 * are what all threads of the client's process allocated, as the JVM counts them.
 *
 * <p>With shaping off, a request has the two or three headers that HttpClient sets, a sixth of what a browser sends; "same"
 * is off too, with the browser's headers set by the application. The difference from that is what shaping costs; the
 * difference from off is what it costs to send a browser's headers at all, to the server as well.
 *
 * <p>Run with {@code src-it/bench-shaping [rounds [seconds [profile [side...]]]]}, by default 15 rounds of 1 second
 * a side as chrome-156, all sides.
 */
public final class ShapingBenchmark {

    private static final int IN_FLIGHT = 128;
    private static final double GIGA = 1e9;
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final URI uri;
    private final BrowserProfile profile;
    private final long roundNanos;

    private ShapingBenchmark(URI uri, BrowserProfile profile, long roundNanos) {
        this.uri = uri;
        this.profile = profile;
        this.roundNanos = roundNanos;
    }

    /** What one round of one side came to, each for a second or for a request. */
    private record Round(double requestsPerSecond, double cpuMicros, double bytes) {}

    /** One side at work. */
    private record Contender(
            Shaping side, CloseableHttpAsyncClient client, SimpleHttpRequest request, List<Round> rounds) {

        double median(ToDoubleFunction<Round> value) {
            return middle(rounds.stream().map(value::applyAsDouble).toList());
        }

        /** Of each round against the other's of the same time, so that what slows the machine down slows down both. */
        double medianRatio(Contender other) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < rounds.size(); i++) {
                ratios.add(rounds.get(i).requestsPerSecond()
                        / other.rounds().get(i).requestsPerSecond());
            }
            return middle(ratios);
        }

        private static double middle(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }

    /** Runs all sides and prints the table. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        BrowserProfile profile = BrowserProfiles.find(arguments.length > 2 ? arguments[2] : "chrome-156");
        try (ServerProcess server = ServerProcess.startLean()) {
            System.out.printf(
                    "%s, %d in flight; Java %s, %d processors, %d rounds of %d s%n",
                    profile.name(),
                    IN_FLIGHT,
                    System.getProperty("java.version"),
                    Runtime.getRuntime().availableProcessors(),
                    rounds,
                    seconds);
            new ShapingBenchmark(URI.create(server.url()), profile, TimeUnit.SECONDS.toNanos(seconds))
                    .compare(trusted(server), rounds, sides(arguments));
        }
    }

    private static List<Shaping> sides(String... arguments) {
        return arguments.length > 3
                ? Arrays.stream(arguments, 3, arguments.length)
                        .map(name -> Shaping.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toList()
                : List.of(Shaping.values());
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

    private void compare(KeyStore trusted, int rounds, List<Shaping> sides) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        try {
            for (Shaping side : sides) {
                contenders.add(new Contender(
                        side,
                        Utls.asyncClient(side.manager(profile, trusted)),
                        side.request(uri, profile),
                        new ArrayList<>()));
            }
            for (int warmUp = 0; warmUp < 2; warmUp++) {
                for (Contender contender : contenders) {
                    run(contender, WARM_UP_NANOS);
                }
            }
            for (int round = 0; round < rounds; round++) {
                for (Contender contender : contenders) {
                    contender.rounds().add(measure(contender));
                }
                Collections.rotate(contenders, 1);
            }
        } finally {
            for (Contender contender : contenders) {
                contender.client().close();
            }
        }
        contenders.sort(Comparator.comparing(Contender::side));
        print(contenders);
    }

    private Round measure(Contender contender) throws Exception {
        System.gc();
        long cpu = cpuNanos();
        long bytes = allocatedBytes();
        long start = System.nanoTime();
        long done = run(contender, roundNanos);
        double seconds = (System.nanoTime() - start) / GIGA;
        return new Round(done / seconds, (cpuNanos() - cpu) / 1e3 / done, (double) (allocatedBytes() - bytes) / done);
    }

    private static long run(Contender contender, long nanos) throws Exception {
        Semaphore free = new Semaphore(IN_FLIGHT);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        FutureCallback<SimpleHttpResponse> callback = new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                if (response.getBodyBytes() == null || response.getBodyBytes().length != LeanServer.BODY) {
                    failure.set(new IllegalStateException("unexpected answer " + response.getCode()));
                }
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
            var unused = contender.client().execute(contender.request(), callback);
        }
        free.acquire(IN_FLIGHT);
        Exception cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException(contender.side() + " failed", cause);
        }
        return sent;
    }

    private static void print(List<Contender> contenders) {
        System.out.printf(
                "%-18s %12s %8s %8s %14s %14s %8s%n",
                "shaping", "requests/s", "to off", "to same", "CPU us/req", "bytes/req", "more");
        Contender off = contenders.get(0);
        Contender same = contenders.get(contenders.size() > 1 ? 1 : 0);
        for (Contender contender : contenders) {
            double bytes = contender.median(Round::bytes);
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %12.0f %8.3f %8.3f %14.1f %14.0f %8.0f%n",
                    contender.side().name().toLowerCase(Locale.ROOT),
                    contender.median(Round::requestsPerSecond),
                    contender.medianRatio(off),
                    contender.medianRatio(same),
                    contender.median(Round::cpuMicros),
                    bytes,
                    bytes - off.median(Round::bytes));
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }
}
