package io.github.hc5.utls.resilience;

import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/** One element of a batch, from its source to its delivery. Guarded by the {@link Batch}. */
final class BatchItem {

    final String target;
    final @Nullable SimpleHttpRequest request;
    final String host;
    long index;

    @Nullable
    SimpleHttpResponse response;

    @Nullable
    Exception failure;

    private BatchItem(String target, @Nullable SimpleHttpRequest request, String host, @Nullable Exception failure) {
        this.target = target;
        this.request = request;
        this.host = host;
        this.failure = failure;
    }

    static BatchItem of(SimpleHttpRequest request) {
        URIAuthority authority = request.getAuthority();
        return new BatchItem(
                request.getScheme() + "://" + authority + request.getRequestUri(),
                request,
                String.valueOf(authority),
                null);
    }

    static BatchItem invalid(String target, Exception failure) {
        return new BatchItem(target, null, "", failure);
    }
}
