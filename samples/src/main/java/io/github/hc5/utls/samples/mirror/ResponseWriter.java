package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Puts a response on the wire in one version of HTTP. Nothing is flushed. */
interface ResponseWriter {

    /**
     * Writes the start of the response.
     *
     * @param headers name and value of each field
     * @param last whether no body follows
     */
    void head(int status, List<List<String>> headers, boolean last);

    /** Writes a piece of the body, and releases it. */
    void content(ByteBuf piece, boolean last);
}
