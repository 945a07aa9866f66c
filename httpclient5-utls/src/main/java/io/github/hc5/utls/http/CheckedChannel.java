package io.github.hc5.utls.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/** Lets no trailer onto an HTTP/1.1 connection whose name or value is not allowed. As safe for threads as its channel. */
record CheckedChannel(DataStreamChannel channel) implements DataStreamChannel {

    @Override
    public void endStream(@Nullable List<? extends Header> trailers) throws IOException {
        if (trailers != null) {
            for (Header trailer : trailers) {
                try {
                    FieldSyntax.require(trailer);
                } catch (ProtocolException ex) {
                    throw new IOException(ex.getMessage(), ex);
                }
            }
        }
        channel.endStream(trailers);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return channel.write(src);
    }

    @Override
    public void endStream() throws IOException {
        channel.endStream();
    }

    @Override
    public void requestOutput() {
        channel.requestOutput();
    }
}
