package io.github.hc5.utls.resilience;

import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;

/**
 * Hears what the requests of a batch came to. Called for one result at a time, usually on an I/O thread: implementations
 * return promptly. What they throw is logged and dropped.
 */
public interface BatchListener {

    /** A request has its response. {@code index} counts the source's elements from 0. */
    void completed(long index, SimpleHttpRequest request, SimpleHttpResponse response);

    /**
     * A request has failed.
     *
     * @param target what the source gave: the request's URL, or the text that is none
     */
    void failed(long index, String target, Exception cause);
}
