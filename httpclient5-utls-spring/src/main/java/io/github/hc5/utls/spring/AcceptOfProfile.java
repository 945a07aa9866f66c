package io.github.hc5.utls.spring;

import java.util.Locale;
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

    private static boolean letsAnythingPass(@Nullable String value) {
        if (value == null) {
            return false;
        }
        for (String range : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            if (range.strip().equals("*/*")) {
                return true;
            }
        }
        return false;
    }
}
