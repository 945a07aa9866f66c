package io.github.hc5.utls.samples.crawler;

import java.util.List;
import java.util.Map;

/**
 * What a caller wants fetched.
 *
 * @param urls in the caller's order, not yet checked
 * @param method GET or HEAD
 * @param headers of each request, besides the browser's
 * @param body how bodies are returned
 */
record FetchOrder(List<String> urls, Method method, Map<String, String> headers, Body body) {

    /** What is done with each URL. */
    enum Method {
        GET,
        HEAD
    }

    /** How a fetched body is returned. */
    enum Body {
        /** As text where its type says that it is text, else in Base64. */
        AUTO,
        /** In Base64. */
        BASE64,
        /** Not at all: its length is. */
        NONE
    }

    FetchOrder {
        urls = List.copyOf(urls);
        headers = Map.copyOf(headers);
    }
}
