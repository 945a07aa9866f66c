package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.fingerprint.Octets;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * What one run of {@code fetch} sends, and how.
 *
 * @param urls the URLs in order, at least one; each round of {@code repeat} asks for all of them
 * @param profile the name of the browser profile, as the report names it
 * @param method the request method
 * @param headers the request headers to add, in order
 * @param body the request body, or null for none
 * @param repeat how many rounds, at least 1
 * @param concurrency how many requests may be in flight, at least 1
 * @param http1 whether to offer HTTP/1.1 alone
 * @param names where host names lead
 * @param timeout how long a request may take from its start to the end of its answer, more than zero
 */
record FetchSettings(
        List<URI> urls,
        String profile,
        String method,
        List<Header> headers,
        @Nullable Octets body,
        int repeat,
        int concurrency,
        boolean http1,
        HostAddresses names,
        Duration timeout) {

    FetchSettings {
        urls = List.copyOf(urls);
        headers = List.copyOf(headers);
        require(!urls.isEmpty(), "at least one URL is needed");
        require(repeat >= 1, "--repeat: " + repeat + " is not allowed, it must be 1 or more");
        require(concurrency >= 1, "--concurrency: " + concurrency + " is not allowed, it must be 1 or more");
        require(
                !timeout.isNegative() && !timeout.isZero(),
                "--timeout: " + timeout + " is not allowed, it must be more than zero");
    }

    /** Returns how many requests the run makes. */
    long requests() {
        return (long) urls.size() * repeat;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw CliException.usage(otherwise);
        }
    }
}
