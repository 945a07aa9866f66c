package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.RequestKind;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Finds what kind of request a browser would have made: as the context says, as the request's own Sec-Fetch-Dest says,
 * and otherwise a navigation where one can look like it. A browser navigates by GET, or by POST with the content types of
 * a form; anything else is made by a script.
 */
final class RequestKindRule {

    private RequestKindRule() {}

    static RequestKind of(HttpRequest request, HttpContext context) {
        RequestKind told = ExchangeAttributes.requestKind(context);
        if (told != null) {
            return told;
        }
        String destination = value(request, "Sec-Fetch-Dest");
        return destination == null ? byMethod(request) : byDestination(destination, request);
    }

    private static RequestKind byDestination(String destination, HttpRequest request) {
        return switch (destination) {
            case "document" -> navigation(request);
            case "iframe", "frame", "embed", "object" -> RequestKind.IFRAME;
            case "style" -> RequestKind.STYLE;
            case "script" -> RequestKind.SCRIPT;
            case "image" -> RequestKind.IMAGE;
            default -> RequestKind.FETCH;
        };
    }

    private static RequestKind byMethod(HttpRequest request) {
        if ("XMLHttpRequest".equalsIgnoreCase(value(request, "X-Requested-With"))) {
            return RequestKind.XHR;
        }
        String method = request.getMethod();
        if ("GET".equals(method) || "HEAD".equals(method) || "CONNECT".equals(method)) {
            return navigation(request);
        }
        String type = value(request, "Content-Type");
        boolean form = type != null
                && (type.startsWith("application/x-www-form-urlencoded")
                        || type.startsWith("multipart/form-data")
                        || type.startsWith("text/plain"));
        return "POST".equals(method) && form ? RequestKind.FORM_POST : RequestKind.FETCH;
    }

    private static RequestKind navigation(HttpRequest request) {
        if ("POST".equals(request.getMethod())) {
            return RequestKind.FORM_POST;
        }
        return request.containsHeader("Referer") ? RequestKind.LINK_NAVIGATION : RequestKind.NAVIGATION;
    }

    private static @Nullable String value(HttpRequest request, String name) {
        Header header = request.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }
}
