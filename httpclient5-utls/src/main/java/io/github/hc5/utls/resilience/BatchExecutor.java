package io.github.hc5.utls.resilience;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.async.HttpAsyncClient;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;

/**
 * Sends any number of requests through a client, so many at a time. The source is read no further ahead than the settings
 * say, so that one of millions costs no more memory than one of a thousand; a source that is slow, or blocks, holds up
 * nobody but its batch.
 *
 * <p>Thread-safe; the client is the caller's to close, after the batches have ended.
 */
public final class BatchExecutor {

    private final BatchSender sender;
    private final BatchSettings settings;
    private final AtomicLong batches = new AtomicLong();

    public BatchExecutor(HttpAsyncClient client, BatchSettings settings) {
        this(BatchSender.of(client), settings);
    }

    /** As the other constructor, for requests with contexts or response consumers of their own. */
    public BatchExecutor(BatchSender sender, BatchSettings settings) {
        this.sender = sender;
        this.settings = settings;
    }

    /** Sends the requests of an iterator, which is used by one thread of the batch. Returns at once. */
    public Batch execute(Iterator<SimpleHttpRequest> source, BatchListener listener) {
        return start(
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return source.hasNext();
                    }

                    @Override
                    public BatchItem next() {
                        SimpleHttpRequest request = source.next();
                        return BatchItem.of(request);
                    }
                },
                () -> {},
                listener);
    }

    /** Sends the requests of a publisher, which is asked for more as there is room. Returns at once. */
    public Batch execute(Flow.Publisher<SimpleHttpRequest> source, BatchListener listener) {
        PublishedRequests requests = new PublishedRequests(settings.lookAhead());
        source.subscribe(requests);
        return start(requests, requests::cancel, listener);
    }

    /**
     * Gets each URL of an iterator, which is used by one thread of the batch. One that is no absolute http or https URL
     * fails by itself with an {@link InvalidUrlException}. Returns at once.
     */
    public Batch executeUrls(Iterator<String> source, BatchListener listener) {
        return start(
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return source.hasNext();
                    }

                    @Override
                    public BatchItem next() {
                        return get(source.next());
                    }
                },
                () -> {},
                listener);
    }

    private static BatchItem get(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return BatchItem.invalid(url, new InvalidUrlException(url, "it is not a URL", e));
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return BatchItem.invalid(url, new InvalidUrlException(url, "its scheme must be http or https", null));
        }
        if (uri.getHost() == null) {
            return BatchItem.invalid(url, new InvalidUrlException(url, "it names no host", null));
        }
        return BatchItem.of(SimpleRequestBuilder.get(uri).build());
    }

    private Batch start(Iterator<BatchItem> source, Runnable cancelSource, BatchListener listener) {
        Batch batch = new Batch(sender, settings, source, cancelSource, listener);
        Thread pump = new Thread(batch::pump, "utls-batch-" + batches.incrementAndGet());
        pump.setDaemon(true);
        pump.start();
        return batch;
    }
}
