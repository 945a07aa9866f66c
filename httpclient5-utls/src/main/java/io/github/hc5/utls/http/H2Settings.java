package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.util.random.RandomGenerator;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;

/**
 * How an HTTP/2 connection is spoken. Immutable.
 *
 * @param spec the browser's connection
 * @param recordPerFrame whether frames are put into TLS records as browsers do; otherwise as few as possible
 * @param requests makes the fields of the connection's requests
 * @param processor runs on each request and response
 * @param random draws GREASE
 * @param timer the time
 * @param wire the log of what is sent and received
 */
record H2Settings(
        Http2Spec spec,
        boolean recordPerFrame,
        RequestFields requests,
        HttpProcessor processor,
        RandomGenerator random,
        Timer timer,
        WireLog wire) {

    /** What Chromium and Firefox accept at most is near this; a profile's SETTINGS may say less. */
    private static final int MAX_HEADER_LIST = 384 * 1024;

    /** Returns the last value that our SETTINGS give a parameter. */
    long own(int id, long otherwise) {
        return spec.settings().stream()
                .filter(setting -> setting.id() == id)
                .mapToLong(Http2Spec.Setting::value)
                .reduce(otherwise, (before, last) -> last);
    }

    int maxHeaderList() {
        return (int) Math.min(own(Http2Spec.Setting.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST), MAX_HEADER_LIST);
    }

    RequestKind kindOf(HttpRequest request, HttpContext context) {
        return RequestKindRule.of(request, context);
    }
}
