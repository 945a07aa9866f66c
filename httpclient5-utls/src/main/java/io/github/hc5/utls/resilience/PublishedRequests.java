package io.github.hc5.utls.resilience;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's requests as an iterator that waits for the next. As many are asked for as the queue has room for, in halves
 * of it, so that the publisher is neither asked for each one nor left idle. Read by one thread.
 */
final class PublishedRequests implements Flow.Subscriber<SimpleHttpRequest>, Iterator<BatchItem> {

    private record Signal(
            @Nullable SimpleHttpRequest request, @Nullable Throwable failure) {}

    private static final Signal END = new Signal(null, null);

    private final LinkedBlockingQueue<Signal> queue = new LinkedBlockingQueue<>();
    private final int room;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean cancelled;
    private int taken;
    private @Nullable Signal next;

    PublishedRequests(int room) {
        this.room = Math.max(2, room);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription != null || cancelled) {
            given.cancel();
            return;
        }
        subscription = given;
        given.request(room);
    }

    @Override
    public void onNext(SimpleHttpRequest request) {
        queue.add(new Signal(request, null));
    }

    @Override
    public void onError(Throwable failure) {
        queue.add(new Signal(null, failure));
    }

    @Override
    public void onComplete() {
        queue.add(END);
    }

    void cancel() {
        cancelled = true;
        Flow.Subscription s = subscription;
        if (s != null) {
            s.cancel();
        }
        queue.add(END);
    }

    @Override
    public boolean hasNext() {
        Signal signal = next;
        if (signal == null) {
            try {
                signal = queue.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            }
            next = signal;
        }
        Throwable failure = signal.failure();
        if (failure != null) {
            throw new IllegalStateException("The source of the batch failed", failure);
        }
        return signal.request() != null;
    }

    @Override
    public BatchItem next() {
        Signal signal = hasNext() ? next : null;
        if (signal == null || signal.request() == null) {
            throw new NoSuchElementException();
        }
        next = null;
        Flow.Subscription s = subscription;
        if (++taken >= room / 2 && s != null) {
            s.request(taken);
            taken = 0;
        }
        return BatchItem.of(signal.request());
    }
}
