package io.github.hc5.utls.bench.clients;

import java.io.IOException;
import java.net.URI;

/** A client that can be told to GET. Thread-safe. */
public interface LoadClient extends AutoCloseable {

    /** Hears how one request ended; called once for each. */
    interface Completion {

        /** The whole response has arrived, its body read and dropped. */
        void completed(int status, long bodyBytes);

        void failed(Throwable cause);
    }

    /** Sends a request without waiting for its response. */
    void get(URI uri, Completion completion);

    @Override
    void close() throws IOException;
}
