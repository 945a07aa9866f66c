package io.github.hc5.utls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.BasicHttpEntity;
import org.apache.hc.core5.http.io.support.ClassicResponseBuilder;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A response between the I/O thread that receives it and the thread that waits for it. What has arrived and was not read
 * is bounded by the window that reading opens again. Thread-safe.
 */
final class BlockingResponse extends InputStream implements AsyncResponseConsumer<Void> {

    /** How much may have arrived and not been read. */
    private static final int WINDOW = 256 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int SMALL_REST = 64 * 1024;
    private static final long REST_NANOS = 250_000_000;

    private final @Nullable Timeout timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final ArrayDeque<ByteBuffer> arrived = new ArrayDeque<>();
    private @Nullable HttpResponse head;
    private @Nullable EntityDetails details;
    private @Nullable Exception failure;
    private @Nullable CapacityChannel capacity;
    private @Nullable FutureCallback<Void> whenEnded;
    private int read;
    private @Nullable ByteArrayOutputStream marked;
    private int markLimit;
    private ByteBuffer replayed = NOTHING;
    private boolean ended;
    private boolean closed;

    private volatile @Nullable Future<Void> exchange;

    BlockingResponse(@Nullable Timeout timeout) {
        this.timeout = timeout;
    }

    /** Sets what is cancelled when nobody wants the rest. */
    void setExchange(Future<Void> future) {
        exchange = future;
    }

    // ---- the I/O thread

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails entity, HttpContext context, FutureCallback<Void> callback) {
        lock.lock();
        try {
            head = response;
            details = entity;
            ended = entity == null;
            whenEnded = callback;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (entity == null) {
            callback.completed(null);
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        boolean grant;
        lock.lock();
        try {
            // a reader that has nothing left opens the window by what it has read, which may be less than was received
            // where the body is decoded in between
            grant = capacity == null || arrived.isEmpty();
            capacity = channel;
        } finally {
            lock.unlock();
        }
        if (grant) {
            channel.update(WINDOW);
        }
    }

    @Override
    public void consume(ByteBuffer source) {
        byte[] copy = new byte[source.remaining()];
        source.get(copy);
        lock.lock();
        try {
            if (!closed && copy.length > 0) {
                arrived.add(ByteBuffer.wrap(copy));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        FutureCallback<Void> callback;
        lock.lock();
        try {
            ended = true;
            callback = whenEnded;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (callback != null) {
            callback.completed(null);
        }
    }

    @Override
    public void failed(Exception cause) {
        fail(cause);
    }

    @Override
    public void releaseResources() {
        if (!isOver()) {
            fail(new CancellationException("the request was cancelled"));
        }
    }

    private void fail(Exception cause) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = cause;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            return ended || failure != null;
        } finally {
            lock.unlock();
        }
    }

    // ---- the thread that waits

    /** Waits for the head. */
    ClassicHttpResponse await() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout == null ? Long.MAX_VALUE : timeout.toNanoseconds();
            while (head == null && failure == null) {
                left = awaitChange(left, "no response");
            }
            if (head == null) {
                throw rethrown();
            }
            ClassicHttpResponse response = ClassicResponseBuilder.copy(head).build();
            if (details != null) {
                response.setEntity(entity(details));
            }
            return response;
        } finally {
            lock.unlock();
        }
    }

    private BasicHttpEntity entity(EntityDetails of) {
        String type = of.getContentType();
        return new BasicHttpEntity(
                this,
                of.getContentLength(),
                type == null ? null : ContentType.parseLenient(type),
                of.getContentEncoding(),
                of.isChunked());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Takes what there is into an array of its size: most bodies are small, and the JDK would begin with 16 KiB. */
    @Override
    public byte[] readNBytes(int most) throws IOException {
        if (most < 0) {
            throw new IllegalArgumentException("most is " + most + ", must be 0 or more");
        }
        byte[] whole = new byte[0];
        int count = 0;
        while (count < most) {
            if (count == whole.length) {
                int more = awaitAvailable();
                if (more == 0) {
                    break;
                }
                // grows by half at least, so that many small pieces are not copied over and over
                whole = Arrays.copyOf(whole, (int) Math.min(most, (long) count + Math.max(more, count / 2)));
            }
            int part = read(whole, count, whole.length - count);
            if (part < 0) {
                break;
            }
            count += part;
        }
        return count == whole.length ? whole : Arrays.copyOf(whole, count);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        CapacityChannel channel;
        int count;
        int grant;
        lock.lock();
        try {
            if (!awaitData()) {
                return -1;
            }
            count = takeReplayed(target, offset, length);
            if (count == 0) {
                count = take(target, offset, length);
                read += count;
            }
            remember(target, offset, count);
            boolean open = !ended && capacity != null && read > 0 && (arrived.isEmpty() || read >= WINDOW / 2);
            channel = open ? capacity : null;
            grant = open ? read : 0;
            read -= grant;
        } finally {
            lock.unlock();
        }
        if (channel != null) {
            channel.update(grant);
        }
        return count;
    }

    private int takeReplayed(byte[] target, int offset, int length) {
        int count = Math.min(length, replayed.remaining());
        replayed.get(target, offset, count);
        return count;
    }

    private void remember(byte[] target, int offset, int count) {
        ByteArrayOutputStream since = marked;
        if (since != null) {
            if (since.size() + count > markLimit) {
                marked = null;
            } else {
                since.write(target, offset, count);
            }
        }
    }

    /** Spring looks by it whether there is a body at all, and would otherwise put a buffer of its own in front. */
    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public void mark(int limit) {
        lock.lock();
        try {
            marked = new ByteArrayOutputStream(Math.min(Math.max(0, limit), 1024));
            markLimit = limit;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset() throws IOException {
        lock.lock();
        try {
            ByteArrayOutputStream since = marked;
            if (since == null) {
                throw new IOException("nothing is marked, or more was read than the mark allows");
            }
            ByteBuffer again = ByteBuffer.allocate(since.size() + replayed.remaining());
            replayed = again.put(since.toByteArray()).put(replayed).flip();
            since.reset();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for data; returns how much there is, 0 at the end of the body. */
    private int awaitAvailable() throws IOException {
        lock.lock();
        try {
            return awaitData() ? available() : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for data; false at the end of the body. */
    private boolean awaitData() throws IOException {
        if (replayed.hasRemaining() && !closed) {
            return true;
        }
        try {
            long left = timeout == null ? Long.MAX_VALUE : timeout.toNanoseconds();
            while (arrived.isEmpty() && !ended && failure == null && !closed) {
                left = awaitChange(left, "no more of the response");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel();
            throw new InterruptedIOException("interrupted while reading the response");
        } catch (SocketTimeoutException e) {
            cancel();
            throw e;
        }
        if (closed) {
            throw new IOException("the response is closed");
        }
        if (arrived.isEmpty() && !ended) {
            throw rethrown();
        }
        return !arrived.isEmpty();
    }

    private int take(byte[] target, int offset, int length) {
        int count = 0;
        while (count < length) {
            ByteBuffer next = arrived.peek();
            if (next == null) {
                break;
            }
            int part = Math.min(length - count, next.remaining());
            next.get(target, offset + count, part);
            count += part;
            if (!next.hasRemaining()) {
                arrived.remove();
            }
        }
        return count;
    }

    @Override
    public int available() {
        lock.lock();
        try {
            long count = replayed.remaining();
            for (ByteBuffer piece : arrived) {
                count += piece.remaining();
            }
            return (int) Math.min(Integer.MAX_VALUE, count);
        } finally {
            lock.unlock();
        }
    }

    /** Throws away a rest that is small and on its way, to keep an HTTP/1.1 connection; anything more is cancelled. */
    @Override
    public void close() {
        long deadline = 0;
        int total = 0;
        try {
            while (total <= SMALL_REST && !isReadToTheEnd()) {
                deadline = deadline == 0 ? System.nanoTime() + REST_NANOS : deadline;
                if (!awaitRest(deadline)) {
                    break;
                }
                total += Math.max(0, read(new byte[8192], 0, 8192));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // nobody wants it
        }
        abort();
    }

    private boolean isReadToTheEnd() {
        lock.lock();
        try {
            return closed || (ended && arrived.isEmpty() && !replayed.hasRemaining());
        } finally {
            lock.unlock();
        }
    }

    /** Cancels the exchange unless it is over. */
    void abort() {
        boolean over;
        lock.lock();
        try {
            over = ended || failure != null;
            if (!closed) {
                closed = true;
                arrived.clear();
                replayed = NOTHING;
                marked = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (!over) {
            cancel();
        }
    }

    /** Waits for data until then; false where none has come or none will. */
    private boolean awaitRest(long deadline) throws InterruptedException {
        lock.lock();
        try {
            long left = deadline - System.nanoTime();
            while (arrived.isEmpty() && !ended && failure == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !arrived.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void cancel() {
        Future<Void> running = exchange;
        if (running != null) {
            running.cancel(true);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private long awaitChange(long left, String what) throws InterruptedException, SocketTimeoutException {
        if (timeout == null) {
            changed.await();
            return left;
        }
        if (left <= 0) {
            throw new SocketTimeoutException(what + " within " + timeout);
        }
        return changed.awaitNanos(left);
    }

    /** Throws what the I/O thread was told. */
    private IOException rethrown() throws IOException {
        Exception cause =
                failure instanceof ExecutionException e && e.getCause() instanceof Exception inner ? inner : failure;
        if (cause instanceof IOException io) {
            throw io;
        }
        if (cause instanceof HttpException http) {
            throw new ClientProtocolException(http.getMessage(), http);
        }
        if (cause instanceof CancellationException cancelled) {
            throw new InterruptedIOException(cancelled.getMessage());
        }
        if (cause instanceof RuntimeException runtime) {
            throw runtime;
        }
        throw new IOException(cause);
    }
}
