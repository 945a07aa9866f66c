package io.github.hc5.utls.it.bench;

import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.config.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What requests notice of a configuration that changes: rounds of load by turns without a change, and with one of a file
 * of more than 2,000 lines in their midst. A line gives the median of the rounds' 99th percentiles, and the median of the ratios of
 * rounds that followed one another.
 */
final class ReloadBenchmark {

    private static final double MILLION = 1e6;
    private static final int WARM_UPS = 3;

    private final UtlsParts parts;
    private final InFlightLoad load;
    private final Path file;
    private final Path authority;
    private final List<Double> reloads = new ArrayList<>();
    private int version;
    private int answered;
    private int failed;

    private ReloadBenchmark(Path file, Path authority, URI uri) throws IOException {
        this.file = file;
        this.authority = authority;
        write();
        this.parts = UtlsParts.load(ConfigLoader.empty().file(file));
        this.load = new InFlightLoad(parts.asyncClient(), uri, MetricsBenchmark.IN_FLIGHT);
    }

    static void compare(ServerProcess server, int rounds, long roundNanos) throws IOException, InterruptedException {
        Path file = Files.createTempFile("utls-bench", ".toml");
        try {
            ReloadBenchmark benchmark = new ReloadBenchmark(file, server.authority(), URI.create(server.url()));
            try {
                benchmark.compare(rounds, roundNanos);
            } finally {
                benchmark.parts.manager().close();
            }
        } finally {
            Files.delete(file);
        }
    }

    private void compare(int rounds, long roundNanos) throws IOException, InterruptedException {
        for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
            round(true, roundNanos);
        }
        reloads.clear();
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            // who goes first has the cooler machine
            boolean first = round % 2 == 0;
            double one = round(first, roundNanos);
            double other = round(!first, roundNanos);
            with.add(first ? one : other);
            without.add(first ? other : one);
            ratios.add(with.get(round) / without.get(round));
        }
        System.out.printf(
                Locale.ROOT,
                "p99 without a change: %.2f ms%n"
                        + "p99 with one of %d lines: %.2f ms; it took %.0f ms%n"
                        + "with to without: %.2f (to be less than 2); failed: %d of %d (to be 0)%n",
                MetricsBenchmark.median(without),
                Files.readAllLines(file).size(),
                MetricsBenchmark.median(with),
                MetricsBenchmark.median(reloads),
                MetricsBenchmark.median(ratios),
                failed,
                answered + failed);
    }

    /** Returns the 99th percentile of one round, in ms. */
    private double round(boolean withChange, long nanos) throws IOException, InterruptedException {
        System.gc();
        Thread changing = new Thread(() -> change(nanos / 2), "change");
        if (withChange) {
            write();
            changing.start();
        }
        InFlightLoad.Round round = load.run(nanos);
        changing.join();
        answered += round.answered();
        failed += round.failed();
        return round.p99Nanos() / MILLION;
    }

    private void change(long afterNanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(afterNanos);
        } catch (InterruptedException e) {
            return;
        }
        long start = System.nanoTime();
        if (!parts.reload()) {
            throw new IllegalStateException("the changed file was not taken over");
        }
        reloads.add((System.nanoTime() - start) / MILLION);
    }

    private void write() throws IOException {
        version++;
        StringBuilder text = new StringBuilder("reload.interval = 0\ntls.trust_store = \"" + authority + "\"\n");
        text.append("[pool]\nmax_connections = ").append(200 + version).append('\n');
        text.append("[blacklist]\nips = [\n");
        for (int i = 0; i < 1000; i++) {
            text.append("  \"10.").append(i / 250).append('.').append(i % 250).append(".0/24\",\n");
        }
        text.append("]\n");
        for (int i = 0; i < 340; i++) {
            text.append("[limits.\"*.host-").append(i).append(".example.com\"]\nconnections = ");
            text.append(5 + (i + version) % 40).append("\nrate = 100\n");
        }
        Files.writeString(file, text);
    }
}
