package io.github.hc5.utls.samples.crawler;

import java.net.URI;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;

/** One URL on its way, with what is known of it only once it is under way. */
final class FetchRequest {

    final int position;
    final String url;
    final SimpleHttpRequest request;
    final HttpClientContext context = HttpClientContext.create();

    /** Set when it is handed to the client. */
    volatile long startNanos;

    /** The status of the response, as soon as it is there; 0 before. */
    volatile int status;

    FetchRequest(int position, String url, URI uri, FetchOrder order) {
        this.position = position;
        this.url = url;
        this.request = SimpleHttpRequest.create(order.method().name(), uri);
        order.headers().forEach(request::addHeader);
    }
}
