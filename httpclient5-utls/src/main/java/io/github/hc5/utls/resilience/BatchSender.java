package io.github.hc5.utls.resilience;

import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.HttpAsyncClient;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;

/** Sends one request of a batch: whoever wants a context or a response consumer of their own for it brings their own. */
@FunctionalInterface
public interface BatchSender {

    /**
     * Sends a request. Called by the batch's thread; does not wait for the response.
     *
     * @param callback told of the end once, whatever the end is
     * @return what ends the request when it is cancelled
     */
    Future<SimpleHttpResponse> send(SimpleHttpRequest request, FutureCallback<SimpleHttpResponse> callback);

    /** Returns the sender that gives each request a new context, and keeps its whole response in memory. */
    static BatchSender of(HttpAsyncClient client) {
        return (request, callback) -> client.execute(
                SimpleRequestProducer.create(request),
                SimpleResponseConsumer.create(),
                null,
                HttpClientContext.create(),
                callback);
    }
}
