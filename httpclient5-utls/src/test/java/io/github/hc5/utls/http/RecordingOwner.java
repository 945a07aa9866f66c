package io.github.hc5.utls.http;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/** Writes down what a session reports, in words. */
final class RecordingOwner implements ConnectionEvents {

    private final HttpVersionPolicy policy;
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();

    RecordingOwner(HttpVersionPolicy policy) {
        this.policy = policy;
    }

    /** Returns everything reported so far, in order. */
    List<String> all() {
        return List.copyOf(all);
    }

    /** Waits for a report, dropping those before it. */
    void await(String report) throws InterruptedException {
        String next = unread.poll(15, TimeUnit.SECONDS);
        while (!report.equals(next)) {
            if (next == null) {
                throw new AssertionError("no report '" + report + "', but " + all);
            }
            next = unread.poll(15, TimeUnit.SECONDS);
        }
    }

    private void report(String text) {
        all.add(text);
        unread.add(text);
    }

    @Override
    public HttpVersionPolicy versionPolicy() {
        return policy;
    }

    @Override
    public void protocolStarted(ProtocolVersion version, int maxExchanges) {
        report("started " + version + " " + maxExchanges);
    }

    @Override
    public void concurrencyChanged(int maxExchanges) {
        report("concurrency " + maxExchanges);
    }

    @Override
    public void draining() {
        report("draining");
    }

    @Override
    public void exchangeEnded(@Nullable Exception cause) {
        report("exchange " + name(cause));
    }

    @Override
    public void pingAnswered(long roundTripNanos) {
        report("ping " + (roundTripNanos >= 0));
    }

    @Override
    public void ended(@Nullable Exception cause) {
        report("ended " + name(cause));
    }

    private static String name(@Nullable Exception cause) {
        return cause == null ? "well" : cause.getClass().getSimpleName();
    }
}
