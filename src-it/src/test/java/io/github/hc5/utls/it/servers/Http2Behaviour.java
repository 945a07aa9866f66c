package io.github.hc5.utls.it.servers;

import io.netty.handler.codec.http2.Http2Settings;
import java.util.List;

/**
 * How a {@link NettyServer} speaks HTTP/2.
 *
 * @param settings the SETTINGS that it starts with
 * @param changes the SETTINGS that it sends later, one after each so many requests and again from the first
 * @param every after how many requests
 */
public record Http2Behaviour(Http2Settings settings, List<Http2Settings> changes, int every) {

    /** The codec's own SETTINGS, never changed. */
    public static final Http2Behaviour DEFAULT = new Http2Behaviour(Http2Settings.defaultSettings(), List.of(), 1);

    public Http2Behaviour {
        changes = List.copyOf(changes);
    }

    /** Returns the behaviour of a server that never changes its SETTINGS. */
    public static Http2Behaviour of(Http2Settings settings) {
        return new Http2Behaviour(settings, List.of(), 1);
    }
}
