package io.github.hc5.utls.pool;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** The handler of an exchange of which nobody wants to know. */
final class SilentHandler implements AsyncClientExchangeHandler {

    static final SilentHandler INSTANCE = new SilentHandler();

    private SilentHandler() {}

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) {}

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {}

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {}

    @Override
    public void cancel() {}

    @Override
    public void failed(Exception cause) {}

    @Override
    public void releaseResources() {}

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void produce(DataStreamChannel channel) {}

    @Override
    public void updateCapacity(CapacityChannel channel) {}

    @Override
    public void consume(ByteBuffer src) {}

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {}
}
