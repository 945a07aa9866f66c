package io.github.hc5.utls.it.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/**
 * Our TLS against the JDK's, through the same stock client and server, in work done per second of the client's CPU time
 * (the whole process: I/O threads, key generation, garbage collection). The sides take turns; a line gives the median of
 * the rounds, their range, and the ratio of the medians.
 *
 * <p>Each side verifies the server's certificate by its default way with a trust store of one authority: the JDK builds the
 * path on each handshake, ours remembers a verified chain for half an hour, as Chromium does.
 *
 * <p>Run with {@code src-it/bench-tls [rounds [seconds]]}, by default 5 rounds of 4 seconds a side.
 */
public final class TlsBenchmark {

    private static final double GIGA = 1e9;

    private final ServerProcess server;
    private final int rounds;
    private final long roundNanos;

    private TlsBenchmark(ServerProcess server, int rounds, long roundNanos) {
        this.server = server;
        this.rounds = rounds;
        this.roundNanos = roundNanos;
    }

    /** Runs all workloads and prints the table. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 4;
        try (ServerProcess server = ServerProcess.start()) {
            TlsBenchmark benchmark = new TlsBenchmark(server, rounds, TimeUnit.SECONDS.toNanos(seconds));
            System.out.printf(
                    "Per second of client CPU; Java %s, %d processors, %d rounds of %d s%n",
                    System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), rounds, seconds);
            System.out.printf("%-36s %-11s %12s %22s %8s%n", "", "TLS", "median", "range", "ratio");
            for (TlsWorkload workload : TlsWorkload.values()) {
                List<TlsSide> sides = workload == TlsWorkload.HANDSHAKES
                        ? List.of(TlsSide.values())
                        : List.of(TlsSide.JSSE, TlsSide.CHROME_156);
                benchmark.compare(workload, sides);
            }
        }
    }

    /** One side at work, and what it reached in each round. */
    private record Contender(TlsSide side, CloseableHttpAsyncClient client, List<Double> rates) {}

    private void compare(TlsWorkload workload, List<TlsSide> sides) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        try {
            for (TlsSide side : sides) {
                CloseableHttpAsyncClient client = workload.client(side.strategy(server.authority()));
                contenders.add(new Contender(side, client, new ArrayList<>()));
                client.start();
                requireFullHandshake(client);
                workload.run(client, uri(), 2 * roundNanos);
            }
            for (int round = 0; round < rounds; round++) {
                for (Contender contender : contenders) {
                    contender.rates().add(rate(workload, contender.client()));
                }
                Collections.rotate(contenders, 1);
            }
        } finally {
            for (Contender contender : contenders) {
                contender.client().close();
            }
        }
        contenders.sort(Comparator.comparing(Contender::side));
        double reference = median(contenders.get(0).rates());
        for (Contender contender : contenders) {
            print(workload, contender.side(), contender.rates(), reference);
        }
    }

    private double rate(TlsWorkload workload, CloseableHttpAsyncClient client) throws Exception {
        System.gc();
        long before = cpuNanos();
        double done = workload.run(client, uri(), roundNanos);
        return done / ((cpuNanos() - before) / GIGA);
    }

    /** A resumed handshake would be no match for a full one; the server gives no tickets, and the client sees to that. */
    private void requireFullHandshake(CloseableHttpAsyncClient client) throws Exception {
        for (int i = 0; i < 2; i++) {
            SimpleHttpResponse response = client.execute(
                            SimpleRequestBuilder.get(uri()).build(), null)
                    .get();
            if (response.getBodyText().contains("\"resumed\":true")) {
                throw new IllegalStateException("the server resumes sessions");
            }
        }
    }

    private URI uri() {
        return URI.create(server.url());
    }

    private static void print(TlsWorkload workload, TlsSide side, List<Double> rates, double reference) {
        String ratio = side == TlsSide.JSSE ? "" : String.format(Locale.ROOT, "%.2f", median(rates) / reference);
        System.out.printf(
                Locale.ROOT,
                "%-36s %-11s %12.0f %22s %8s%n",
                side == TlsSide.JSSE ? workload.title() + " (" + workload.unit() + ")" : "",
                side.name().toLowerCase(Locale.ROOT),
                median(rates),
                String.format(Locale.ROOT, "%.0f-%.0f", Collections.min(rates), Collections.max(rates)),
                ratio);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
