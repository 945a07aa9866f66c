package io.github.hc5.utls.bench;

import io.github.hc5.utls.bench.clients.LoadClient;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop: each of its lanes sends its next request as soon as its last was answered, on the thread that brought the
 * answer, which is what an asynchronous application does. Response times are those of a closed loop: a server that stalls
 * gets fewer requests, not a queue of them.
 */
final class ClosedLoop {

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);
    private static final long GRACE_SECONDS = 60;

    private final LoadClient client;
    private final List<URI> uris;
    private final Recorder micros = new Recorder(LONGEST_MICROS, 3);
    private final LongAdder answered = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger left;
    private volatile long endNanos;

    private ClosedLoop(LoadClient client, List<URI> uris, int requests) {
        this.client = client;
        this.uris = uris;
        this.left = new AtomicInteger(requests);
    }

    /** Keeps {@code lanes} requests in flight for the given time. */
    static Outcome forTime(LoadClient client, List<URI> uris, int lanes, long millis) throws InterruptedException {
        return new ClosedLoop(client, uris, Integer.MAX_VALUE).run(lanes, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Sends {@code requests}, all at once. */
    static Outcome atOnce(LoadClient client, List<URI> uris, int requests) throws InterruptedException {
        return new ClosedLoop(client, uris, requests).run(requests, TimeUnit.MINUTES.toNanos(1));
    }

    private Outcome run(int lanes, long nanos) throws InterruptedException {
        long cpu = ProcessMeter.cpuNanos();
        long allocated = ProcessMeter.allocatedBytes();
        long begin = System.nanoTime();
        endNanos = begin + nanos;
        CountDownLatch ended = new CountDownLatch(lanes);
        for (int i = 0; i < lanes; i++) {
            new Lane(ended).proceed();
        }
        if (!ended.await(nanos + TimeUnit.SECONDS.toNanos(GRACE_SECONDS), TimeUnit.NANOSECONDS)) {
            errors.add(ended.getCount());
            firstError.compareAndSet(null, ended.getCount() + " requests never ended");
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Histogram times = micros.getIntervalHistogram();
        return new Outcome(
                answered.sum(),
                errors.sum(),
                firstError.get(),
                seconds,
                (ProcessMeter.cpuNanos() - cpu) / 1e9,
                ProcessMeter.allocatedBytes() - allocated,
                bytes.sum(),
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(99),
                times.getValueAtPercentile(99.9),
                0,
                0);
    }

    /** One request after the other. */
    private final class Lane implements LoadClient.Completion {

        private final CountDownLatch ended;

        /** Requests to send: an answer that comes before its request's call has returned must not nest a further call. */
        private final AtomicInteger due = new AtomicInteger();

        private long sentNanos;

        Lane(CountDownLatch ended) {
            this.ended = ended;
        }

        void proceed() {
            if (due.getAndIncrement() == 0) {
                do {
                    send();
                } while (due.decrementAndGet() != 0);
            }
        }

        private void send() {
            sentNanos = System.nanoTime();
            if (sentNanos - endNanos >= 0 || left.getAndDecrement() <= 0) {
                ended.countDown();
                return;
            }
            URI uri = uris.get(Math.floorMod(next.getAndIncrement(), uris.size()));
            try {
                client.get(uri, this);
            } catch (RuntimeException e) {
                failed(e);
            }
        }

        @Override
        public void completed(int status, long bodyBytes) {
            long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sentNanos);
            micros.recordValue(Math.min(took, LONGEST_MICROS));
            if (status == 200) {
                answered.increment();
                bytes.add(bodyBytes);
            } else {
                errors.increment();
                firstError.compareAndSet(null, "status " + status);
            }
            proceed();
        }

        @Override
        public void failed(Throwable cause) {
            errors.increment();
            firstError.compareAndSet(null, cause.toString());
            proceed();
        }
    }
}
