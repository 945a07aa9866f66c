package io.github.hc5.utls.http;

import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Adds what a request cannot do without (RFC 9112 sections 3.2 and 6) where it is missing. A client with a chain of its own
 * has done so already; a minimal one leaves it to the connection.
 */
enum MissingFields implements HttpRequestInterceptor {
    OF_HTTP_1 {
        @Override
        void delimit(HttpRequest request, @Nullable EntityDetails entity) {
            if (request.getAuthority() != null && !request.containsHeader(HttpHeaders.HOST)) {
                request.addHeader(HttpHeaders.HOST, request.getAuthority());
            }
            boolean needed = entity != null || expectsContent(request.getMethod());
            if (!needed
                    || request.containsHeader(HttpHeaders.CONTENT_LENGTH)
                    || request.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
                return;
            }
            if (entity == null) {
                request.addHeader(HttpHeaders.CONTENT_LENGTH, "0");
            } else if (entity.isChunked() || entity.getContentLength() < 0) {
                request.addHeader(HttpHeaders.TRANSFER_ENCODING, HeaderElements.CHUNKED_ENCODING);
            } else {
                request.addHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(entity.getContentLength()));
            }
        }
    },

    /** Frames delimit content, and the authority has a field of its own. */
    OF_HTTP_2 {
        @Override
        void delimit(HttpRequest request, @Nullable EntityDetails entity) {}
    };

    abstract void delimit(HttpRequest request, @Nullable EntityDetails entity);

    @Override
    public void process(HttpRequest request, @Nullable EntityDetails entity, HttpContext context) {
        delimit(request, entity);
        if (entity != null) {
            MessageSupport.addContentTypeHeader(request, entity);
            MessageSupport.addContentEncodingHeader(request, entity);
            MessageSupport.addTrailerHeader(request, entity);
        }
    }

    private static boolean expectsContent(String method) {
        return Method.POST.isSame(method)
                || Method.PUT.isSame(method)
                || Method.PATCH.isSame(method)
                || Method.QUERY.isSame(method);
    }
}
