package io.github.hc5.utls.bench;

import java.util.List;

/**
 * What a load process is told to do; one line of JSON.
 *
 * @param kind what
 * @param uris asked for in turn
 * @param concurrency requests in flight; the connections a client may open as well
 * @param millis how long, for {@link Kind#LOAD}
 * @param requests how many, for the others
 */
record Task(Kind kind, List<String> uris, int concurrency, long millis, int requests) {

    enum Kind {
        /** Requests one after the other in each of {@code concurrency} lanes, on connections that are kept. */
        LOAD,
        /** As {@link #LOAD}, on HTTP/1.1 with a new connection for each request. */
        LOAD_WITHOUT_REUSE,
        /** A new client, {@code requests} at once, until the last has ended. */
        COLD_START,
        /** {@code requests} HTTP/1.1 connections opened and left idle. */
        IDLE_CONNECTIONS,
        /** {@code requests} connections opened by pre-warming; only this library can. */
        PREWARM
    }

    static Task load(List<String> uris, int concurrency, long millis) {
        return new Task(Kind.LOAD, uris, concurrency, millis, 0);
    }

    static Task of(Kind kind, List<String> uris, int requests) {
        return new Task(kind, uris, requests, 0, requests);
    }
}
