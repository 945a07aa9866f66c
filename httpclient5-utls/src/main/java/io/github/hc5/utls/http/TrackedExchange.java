package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * An exchange on HTTP/1.1 whose end is told, once, after the handler has had its last call, and whose content is
 * decoded where that was promised. HttpCore releases the handler's resources last, whatever happened before. Used by the I/O thread.
 */
final class TrackedExchange implements AsyncClientExchangeHandler {

    private final AsyncClientExchangeHandler handler;
    private final Consumer<@Nullable Exception> ended;
    private @Nullable Exception failure;
    private @Nullable DecodedBody decodedBody;
    private @Nullable CheckedChannel checkedChannel;
    private boolean producing;
    private boolean complete;
    private boolean begun;
    private boolean endedByClose;
    private boolean endTold;

    TrackedExchange(AsyncClientExchangeHandler handler, Consumer<@Nullable Exception> ended) {
        this.handler = handler;
        this.ended = ended;
    }

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context)
            throws HttpException, IOException {
        complete |= entity == null;
        begun = true;
        endedByClose = entity != null && entity.getContentLength() == ContentLengthStrategy.UNDEFINED;
        EntityDetails details = entity;
        if (entity != null && Boolean.TRUE.equals(context.getAttribute(H1Headers.DECODES))) {
            decodedBody = DecodedBody.of(response, handler);
            details = decodedBody == null ? entity : ResponseHead.entity(response);
        }
        handler.consumeResponse(response, details, context);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        body().streamEnd(trailers);
        complete = true;
    }

    private AsyncDataConsumer body() {
        return decodedBody == null ? handler : decodedBody;
    }

    /**
     * Whether the end of input would be taken for the end of the response: where nothing else delimits its body, and in
     * the middle of its head.
     */
    boolean isEndedByClose() {
        return !begun || (endedByClose && !complete);
    }

    @Override
    public void failed(Exception cause) {
        // one that waited while something else ended its connection has not been sent, and may go to another
        Exception told = producing || cause instanceof RequestNotExecutedException ? cause : notExecuted(cause);
        failure = told;
        handler.failed(told);
    }

    private static Exception notExecuted(Exception cause) {
        RequestNotExecutedException told = new RequestNotExecutedException(String.valueOf(cause.getMessage()));
        told.initCause(cause);
        return told;
    }

    @Override
    public void releaseResources() {
        if (decodedBody != null) {
            decodedBody.releaseResources();
        }
        try {
            handler.releaseResources();
        } finally {
            if (!endTold) {
                endTold = true;
                Exception cause = failure;
                if (cause == null && !complete) {
                    cause = new ConnectionClosedException("Connection closed before the end of the response");
                }
                ended.accept(cause);
            }
        }
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        producing = true;
        handler.produceRequest(channel, context);
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) throws HttpException, IOException {
        handler.consumeInformation(response, context);
    }

    @Override
    public void cancel() {
        handler.cancel();
    }

    @Override
    public int available() {
        return handler.available();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        CheckedChannel checked = checkedChannel;
        if (checked == null || checked.channel() != channel) {
            checked = new CheckedChannel(channel);
            checkedChannel = checked;
        }
        handler.produce(checked);
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        body().updateCapacity(channel);
    }

    @Override
    public void consume(ByteBuffer src) throws IOException {
        body().consume(src);
    }
}
