package io.github.hc5.utls.samples.crawler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Keeps a response in memory, and gives it up as soon as its body, decoded, is larger than allowed. */
final class BoundedConsumer implements AsyncResponseConsumer<SimpleHttpResponse> {

    private final FetchRequest request;
    private final int limit;
    private final AsyncResponseConsumer<SimpleHttpResponse> target = SimpleResponseConsumer.create();
    private int length;

    BoundedConsumer(FetchRequest request, int limit) {
        this.request = request;
        this.limit = limit;
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<SimpleHttpResponse> callback)
            throws HttpException, IOException {
        request.status = response.getCode();
        target.consumeResponse(response, entity, context, callback);
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) throws HttpException, IOException {
        target.informationResponse(response, context);
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        target.updateCapacity(channel);
    }

    @Override
    public void consume(ByteBuffer source) throws IOException {
        if (source.remaining() > limit - length) {
            throw new BodyTooLargeException(limit);
        }
        length += source.remaining();
        target.consume(source);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        target.streamEnd(trailers);
    }

    @Override
    public void failed(Exception cause) {
        target.failed(cause);
    }

    @Override
    public void releaseResources() {
        target.releaseResources();
    }
}
