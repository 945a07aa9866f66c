package io.github.hc5.utls.it;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * What something costs: two clients, one with it and one without, by turns in one process, in the same run, so that both
 * meet the same machine. Each round measures both, in an order that changes from round to round, and gives one ratio; told
 * are the medians and between which figures the middle half of the rounds lies. The first round of each is not counted.
 */
public final class CostRounds {

    private static final int CONCURRENCY = 128;

    private record Sample(double perSecond, double bytes, double cpuMicros) {}

    private final CloseableHttpAsyncClient without;
    private final CloseableHttpAsyncClient with;
    private final String url;
    private final String serverThreads;
    private final List<Sample> off = new ArrayList<>();
    private final List<Sample> on = new ArrayList<>();

    /**
     * Of two clients.
     *
     * @param serverThreads how the names of threads begin whose allocations do not count
     */
    public CostRounds(
            CloseableHttpAsyncClient without, CloseableHttpAsyncClient with, String url, String serverThreads) {
        this.without = without;
        this.with = with;
        this.url = url;
        this.serverThreads = serverThreads;
    }

    /** Measures and prints; arguments: rounds, seconds of each measurement. */
    @SuppressWarnings("SystemOut")
    public void run(String... arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        measure(without, seconds);
        measure(with, seconds);
        for (int i = 0; i < rounds; i++) {
            if (i % 2 == 0) {
                off.add(measure(without, seconds));
                on.add(measure(with, seconds));
            } else {
                on.add(measure(with, seconds));
                off.add(measure(without, seconds));
            }
        }
        System.out.println(rounds + " rounds of " + seconds + " s each, " + CONCURRENCY + " requests in flight");
        print("without", "%.0f", off, Sample::perSecond, "requests/s");
        print("with", "%.0f", on, Sample::perSecond, "requests/s");
        print("with / without", "%.3f", pairs((a, b) -> b.perSecond() / a.perSecond()), "x");
        print("without", "%.2f", off, Sample::cpuMicros, "us of CPU a request");
        print("with", "%.2f", on, Sample::cpuMicros, "us of CPU a request");
        print("with / without", "%.3f", pairs((a, b) -> b.cpuMicros() / a.cpuMicros()), "x");
        print("without", "%.0f", off, Sample::bytes, "bytes a request");
        print("with", "%.0f", on, Sample::bytes, "bytes a request");
        print("with - without", "%+.0f", pairs((a, b) -> b.bytes() - a.bytes()), "bytes a request");
    }

    private interface Pair {
        double of(Sample off, Sample on);
    }

    private List<Double> pairs(Pair pair) {
        return IntStream.range(0, on.size())
                .mapToObj(i -> pair.of(off.get(i), on.get(i)))
                .toList();
    }

    private static void print(
            String what, String format, List<Sample> samples, ToDoubleFunction<Sample> value, String unit) {
        print(what, format, samples.stream().map(value::applyAsDouble).toList(), unit);
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, String format, List<Double> values, String unit) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        String line = String.format(
                Locale.ROOT,
                "%-15s median " + format + ", middle half " + format + " to " + format + ", all " + format + " to "
                        + format + " %s",
                what,
                sorted.get(n / 2),
                sorted.get(n / 4),
                sorted.get(n - 1 - n / 4),
                sorted.get(0),
                sorted.get(n - 1),
                unit);
        System.out.println(line);
    }

    private Sample measure(CloseableHttpAsyncClient client, int seconds) throws Exception {
        Used before = used();
        long start = System.nanoTime();
        long until = start + seconds * 1_000_000_000L;
        AtomicLong done = new AtomicLong();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(CONCURRENCY);
        for (int i = 0; i < CONCURRENCY; i++) {
            new FutureCallback<SimpleHttpResponse>() {
                void next() {
                    if (System.nanoTime() - until >= 0) {
                        ended.countDown();
                        return;
                    }
                    Future<SimpleHttpResponse> unused =
                            client.execute(SimpleRequestBuilder.get(url).build(), this);
                }

                @Override
                public void completed(SimpleHttpResponse response) {
                    done.incrementAndGet();
                    next();
                }

                @Override
                public void failed(Exception cause) {
                    failure.set(cause);
                    ended.countDown();
                }

                @Override
                public void cancelled() {
                    failed(new IllegalStateException("cancelled"));
                }
            }.next();
        }
        ended.await();
        Exception failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        Used after = used();
        double requests = done.get();
        return new Sample(
                requests / elapsed,
                (after.bytes() - before.bytes()) / requests,
                (after.cpuNanos() - before.cpuNanos()) / 1000 / requests);
    }

    private record Used(double bytes, double cpuNanos) {}

    /** What all threads have used but the server's. CPU time says more than the rate where others use the machine, too. */
    private Used used() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        long cpu = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && !info.getThreadName().startsWith(serverThreads)) {
                bytes += Math.max(0, threads.getThreadAllocatedBytes(info.getThreadId()));
                cpu += Math.max(0, threads.getThreadCpuTime(info.getThreadId()));
            }
        }
        return new Used(bytes, cpu);
    }
}
