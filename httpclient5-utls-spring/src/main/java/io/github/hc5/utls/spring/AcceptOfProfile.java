package io.github.hc5.utls.spring;

import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Leaves Accept to the browser's profile where it says nothing. Spring's clients add one to every request, made of the media
 * types that their message converters read, in an order no browser has. Where it lets any type pass, as for texts and
 * bytes, so does the profile's own; where it does not, as for objects read from JSON, the application needs it and it stays.
 */
final class AcceptOfProfile implements HttpRequestInterceptor {

    private static final String ANY = "*/*";
    private static final String MARK = AcceptOfProfile.class.getName();

    /** Marks the requests of a context as made by one of Spring's clients. */
    static void mark(HttpContext context) {
        context.setAttribute(MARK, true);
    }

    @Override
    public void process(HttpRequest request, @Nullable EntityDetails entity, HttpContext context) {
        if (context.getAttribute(MARK) == null) {
            return;
        }
        boolean anything = false;
        for (Header header : request.getHeaders(HttpHeaders.ACCEPT)) {
            anything |= letsAnythingPass(header.getValue());
        }
        if (anything) {
            request.removeHeaders(HttpHeaders.ACCEPT);
        }
    }

    /** Looks at the text as it stands: this is done for each request. */
    static boolean letsAnythingPass(@Nullable String value) {
        int at = value == null ? -1 : value.indexOf(ANY);
        while (value != null && at >= 0) {
            if (isEdge(value, at - 1, -1) && isEdge(value, at + ANY.length(), 1)) {
                return true;
            }
            at = value.indexOf(ANY, at + 1);
        }
        return false;
    }

    private static boolean isEdge(String value, int from, int step) {
        int at = from;
        while (at >= 0 && at < value.length() && (value.charAt(at) == ' ' || value.charAt(at) == '\t')) {
            at += step;
        }
        return at < 0 || at >= value.length() || value.charAt(at) == ',';
    }
}
