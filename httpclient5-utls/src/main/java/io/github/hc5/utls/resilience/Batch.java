package io.github.hc5.utls.resilience;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch under way. One thread of its own, the pump, reads the source and starts requests; it alone waits, so that a source
 * that blocks holds up no I/O. Requests wait in one queue for each host, and the hosts take turns, so that one slow host, or
 * one with a million URLs in a row, does not keep the others from theirs within the look-ahead.
 *
 * <p>Thread-safe. Results are delivered one at a time, outside the lock.
 */
public final class Batch implements Cancellable {

    /**
     * How far a batch has come.
     *
     * @param taken elements read from the source
     * @param succeeded requests that got a response, whatever its status
     * @param failed requests that did not
     * @param inFlight requests sent and not ended
     */
    public record Progress(long taken, long succeeded, long failed, int inFlight) {}

    /** The requests of one host. Guarded by lock. */
    private static final class HostQueue {
        private final String host;
        private final ArrayDeque<BatchItem> waiting = new ArrayDeque<>();
        private int inFlight;

        private HostQueue(String host) {
            this.host = host;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private final BatchSender sender;
    private final BatchSettings settings;
    private final Iterator<BatchItem> source;
    private final Runnable cancelSource;
    private final BatchListener listener;
    private final CompletableFuture<Progress> done = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Future<?>> futures = ConcurrentHashMap.newKeySet();

    /** Guarded by lock. */
    private final Map<String, HostQueue> hosts = new HashMap<>();

    /** Guarded by lock: hosts with requests that wait, whose turn it is first. */
    private final ArrayDeque<HostQueue> turns = new ArrayDeque<>();

    /** Guarded by lock: results that wait for those before them, or for the listener. */
    private final ArrayDeque<BatchItem> ready = new ArrayDeque<>();

    /** Guarded by lock: results out of their order. */
    private final Map<Long, BatchItem> early = new HashMap<>();

    /** Guarded by lock. */
    private long taken;

    /** Guarded by lock: the index of the next to deliver, where order is kept. */
    private long nextIndex;

    /** Guarded by lock. */
    private long delivered;

    /** Guarded by lock. */
    private long succeeded;

    /** Guarded by lock. */
    private long failed;

    /** Guarded by lock. */
    private int inFlight;

    /** Guarded by lock. */
    private boolean delivering;

    /** Guarded by lock. */
    private boolean exhausted;

    /** Guarded by lock: what the source threw. */
    private @Nullable RuntimeException sourceFailure;

    private volatile boolean cancelled;

    Batch(
            BatchSender sender,
            BatchSettings settings,
            Iterator<BatchItem> source,
            Runnable cancelSource,
            BatchListener listener) {
        this.sender = sender;
        this.settings = settings;
        this.source = source;
        this.cancelSource = cancelSource;
        this.listener = listener;
    }

    /**
     * Returns what completes when every result has been delivered, or all that there will be after a cancellation (then by a
     * {@link CancellationException}) or a failure of the source (then by that).
     */
    public CompletableFuture<Progress> done() {
        return done;
    }

    /** Returns how far it has come. */
    public Progress progress() {
        lock.lock();
        try {
            return new Progress(taken, succeeded, failed, inFlight);
        } finally {
            lock.unlock();
        }
    }

    /** Reads no more of the source and ends what is in flight; its requests are delivered as failed. */
    @Override
    public boolean cancel() {
        lock.lock();
        try {
            if (cancelled || done.isDone()) {
                return false;
            }
            cancelled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        cancelSource.run();
        futures.forEach(future -> future.cancel(true));
        return true;
    }

    // ---- the pump

    void pump() {
        try {
            boolean more = true;
            while (more) {
                BatchItem next = awaitTurn();
                if (next != null) {
                    start(next);
                } else {
                    more = read();
                }
            }
        } catch (InterruptedException e) {
            cancel();
        }
        finish();
    }

    /** Waits for something to do: returns a request to start, or null when the source is to be read. */
    private @Nullable BatchItem awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (; ; ) {
                if (cancelled) {
                    return null;
                }
                if (inFlight < settings.concurrency()) {
                    BatchItem next = pollTurn();
                    if (next != null) {
                        return next;
                    }
                }
                boolean idle = inFlight == 0 && turns.isEmpty() && delivered == taken;
                if (exhausted ? idle : taken - delivered < settings.lookAhead()) {
                    return null;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable BatchItem pollTurn() {
        for (int i = turns.size(); i > 0; i--) {
            HostQueue queue = turns.removeFirst();
            if (settings.maxPerHost() > 0 && queue.inFlight >= settings.maxPerHost()) {
                turns.addLast(queue);
                continue;
            }
            BatchItem item = queue.waiting.removeFirst();
            if (!queue.waiting.isEmpty()) {
                turns.addLast(queue);
            }
            queue.inFlight++;
            inFlight++;
            return item;
        }
        return null;
    }

    /** Reads one element; returns false if there is nothing more to do. */
    private boolean read() {
        if (cancelled) {
            return false;
        }
        lock.lock();
        try {
            if (exhausted) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        BatchItem item;
        RuntimeException failure;
        try {
            item = source.hasNext() ? source.next() : null;
            failure = null;
        } catch (RuntimeException e) {
            item = null;
            failure = e;
        }
        lock.lock();
        try {
            if (item == null) {
                exhausted = true;
                sourceFailure = failure;
                return true;
            }
            item.index = taken++;
            if (item.failure != null) {
                ended(item);
            } else {
                HostQueue queue = hosts.computeIfAbsent(item.host, HostQueue::new);
                if (queue.waiting.isEmpty()) {
                    turns.addLast(queue);
                }
                queue.waiting.addLast(item);
            }
        } finally {
            lock.unlock();
        }
        deliver();
        return true;
    }

    private void start(BatchItem item) {
        SimpleHttpRequest request = item.request;
        if (request == null) {
            throw new IllegalStateException(item.target);
        }
        try {
            Future<SimpleHttpResponse> future = sender.send(request, new FutureCallback<>() {
                @Override
                public void completed(SimpleHttpResponse response) {
                    end(item, response, null);
                }

                @Override
                public void failed(Exception cause) {
                    end(item, null, cause);
                }

                @Override
                public void cancelled() {
                    end(item, null, new CancellationException("The batch was cancelled"));
                }
            });
            follow(future);
        } catch (RuntimeException e) {
            end(item, null, e);
        }
    }

    /** Remembers what a cancellation has to end; the set is swept when it has grown, since futures tell nobody they ended. */
    private void follow(Future<?> future) {
        if (!future.isDone()) {
            futures.add(future);
            if (futures.size() > 2 * settings.concurrency()) {
                futures.removeIf(Future::isDone);
            }
            if (cancelled) {
                future.cancel(true);
            }
        }
    }

    private void end(BatchItem item, @Nullable SimpleHttpResponse response, @Nullable Exception failure) {
        lock.lock();
        try {
            if (item.response != null || item.failure != null) {
                return;
            }
            item.response = response;
            item.failure = failure;
            inFlight--;
            HostQueue queue = hosts.get(item.host);
            if (queue != null && --queue.inFlight == 0 && queue.waiting.isEmpty()) {
                hosts.remove(queue.host);
            }
            ended(item);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        deliver();
    }

    // ---- delivery

    /** Under lock: puts a result where its turn will come. */
    private void ended(BatchItem item) {
        if (!settings.ordered()) {
            ready.addLast(item);
            return;
        }
        early.put(item.index, item);
        for (BatchItem next = early.remove(nextIndex); next != null; next = early.remove(nextIndex)) {
            ready.addLast(next);
            nextIndex++;
        }
    }

    /** Delivers what is ready, unless another thread is at it; that one will see what is ready now. */
    private void deliver() {
        boolean mine = false;
        for (; ; ) {
            BatchItem item;
            lock.lock();
            try {
                if (delivering && !mine) {
                    return;
                }
                item = ready.pollFirst();
                delivering = item != null;
                mine = delivering;
                if (item == null) {
                    // the end of the batch waits for this too
                    changed.signalAll();
                    return;
                }
            } finally {
                lock.unlock();
            }
            tell(item);
            lock.lock();
            try {
                delivered++;
                if (item.response != null) {
                    succeeded++;
                } else {
                    failed++;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void tell(BatchItem item) {
        try {
            if (item.response != null && item.request != null) {
                listener.completed(item.index, item.request, item.response);
            } else if (item.failure != null) {
                listener.failed(item.index, item.target, item.failure);
            }
        } catch (RuntimeException e) {
            LOG.error("the listener of a batch failed at {}", item.target, e);
        }
    }

    /** After the pump has stopped: waits for what was in flight when it was cancelled, and says how it ended. */
    private void finish() {
        RuntimeException failure;
        lock.lock();
        try {
            while (inFlight > 0 || delivering) {
                changed.awaitUninterruptibly();
            }
            failure = cancelled ? new CancellationException("The batch was cancelled") : sourceFailure;
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            done.completeExceptionally(failure);
        } else {
            done.complete(progress());
        }
    }
}
