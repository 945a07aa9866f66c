package io.github.hc5.utls.samples.cli;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a run's requests, so many at a time, and writes what comes back.
 *
 * <p>Three kinds of threads: the caller's starts requests, the client's I/O threads bring pieces of answers, and one
 * output thread alone writes bodies, reports and progress, so that none of these need a lock and no I/O thread waits for
 * a disk or a pipe. A request holds its slot until its result is written: a reader that stops reading stops the run, and
 * memory stays bounded.
 */
final class FetchRun implements Exchange.Listener {

    private final FetchSettings settings;
    private final FetchOutput output;
    private final @Nullable Progress progress;
    private final Semaphore slots;

    private final ScheduledExecutorService outputThread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "utls-output");
        thread.setDaemon(true);
        return thread;
    });

    /** What ended the output thread's work too early; set by that thread. */
    private volatile @Nullable Throwable broken;

    /** For the output thread alone. */
    private long failures;

    /**
     * @param progress told how far the run is; null if nobody watches
     */
    FetchRun(FetchSettings settings, FetchOutput output, @Nullable Progress progress) {
        this.settings = settings;
        this.output = output;
        this.progress = progress;
        this.slots = new Semaphore(settings.concurrency());
    }

    /**
     * Sends all requests and waits for their ends; to be called once.
     *
     * @return how many got no answer
     * @throws IOException if the output cannot be written
     */
    long run(FetchClient client) throws IOException, InterruptedException {
        try {
            if (progress != null) {
                long interval = Progress.INTERVAL.toNanos();
                Future<?> unused = outputThread.scheduleAtFixedRate(
                        () -> progress.show(System.nanoTime()), interval, interval, TimeUnit.NANOSECONDS);
            }
            long index = 0;
            for (int round = 0; round < settings.repeat(); round++) {
                for (URI uri : settings.urls()) {
                    acquireSlots(1);
                    client.send(index++, uri, this);
                }
            }
            acquireSlots(settings.concurrency());
            return outputThread.submit(() -> failures).get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible.getCause());
        } finally {
            outputThread.shutdownNow();
            output.close();
        }
    }

    @Override
    public void body(Exchange exchange, byte[] piece, Runnable written) {
        onOutputThread(() -> {
            output.body(exchange.index(), piece);
            if (progress != null) {
                progress.received(piece.length);
            }
            written.run();
        });
    }

    @Override
    public void over(Exchange exchange, FetchResult result) {
        onOutputThread(() -> {
            if (result.error() != null) {
                failures++;
            }
            if (progress != null) {
                progress.ended(result.error() == null);
                progress.clear();
            }
            output.over(exchange.index(), result, slots::release);
        });
    }

    private interface OutputTask {
        void run() throws IOException;
    }

    private void onOutputThread(OutputTask task) {
        try {
            outputThread.execute(() -> {
                if (broken != null) {
                    return;
                }
                try {
                    task.run();
                } catch (IOException | RuntimeException e) {
                    broken = e;
                    slots.release(settings.concurrency());
                }
            });
        } catch (RejectedExecutionException runIsOver) {
            // The run was given up, and the client ends what was in flight: nobody waits for it.
        }
    }

    private void acquireSlots(int count) throws IOException, InterruptedException {
        slots.acquire(count);
        Throwable problem = broken;
        if (problem instanceof IOException e) {
            throw e;
        }
        if (problem instanceof RuntimeException e) {
            throw e;
        }
    }
}
