package io.github.hc5.utls.http;

import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** Takes the headers of one request in their order. */
@FunctionalInterface
interface HeaderSink {

    void add(String name, String value);

    /** Returns an array of at least so many places, all empty, for use until the last header has been added. */
    default @Nullable Header[] places(int count) {
        return new Header[count];
    }
}
