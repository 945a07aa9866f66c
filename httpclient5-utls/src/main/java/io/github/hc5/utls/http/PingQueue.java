package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http2.nio.AsyncPingHandler;

/** The PINGs of this side that wait for their answers, which come in order (RFC 9113 section 6.7). Of the I/O thread. */
final class PingQueue {

    private record Sent(AsyncPingHandler handler, long sentNanos) {}

    private final H2Output output;
    private final Timer timer;
    private final Queue<Sent> sent = new ArrayDeque<>();

    PingQueue(H2Output output, Timer timer) {
        this.output = output;
        this.timer = timer;
    }

    void send(AsyncPingHandler handler) throws IOException {
        ByteBuffer data = handler.getData();
        output.ping(0, data.getLong(data.position()));
        sent.add(new Sent(handler, timer.nanoTime()));
    }

    /** Hands an answer on; returns the round trip in nanoseconds, -1 if nothing was asked. */
    long answered(ByteBuffer data) throws HttpException, IOException {
        Sent ping = sent.poll();
        if (ping == null) {
            return -1;
        }
        long roundTripNanos = timer.nanoTime() - ping.sentNanos();
        ping.handler().consumeResponse(data);
        return roundTripNanos;
    }

    void cancelAll() {
        for (Sent ping = sent.poll(); ping != null; ping = sent.poll()) {
            ping.handler().cancel();
        }
    }
}
