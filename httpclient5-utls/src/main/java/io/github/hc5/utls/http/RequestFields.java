package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Makes the fields of a request's HEADERS (RFC 9113 section 8.3): pseudo-headers in the browser's order, then the headers
 * in lower case, without those that belong to HTTP/1.1 connections.
 */
final class RequestFields {

    /** RFC 9113 section 8.2.2; Host becomes {@code :authority}. */
    private static final Set<String> OF_HTTP_1 =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade", "host");

    private RequestFields() {}

    /**
     * @throws ProtocolException if a pseudo-header is missing or a header has an invalid name or value; the message
     *     names the header
     */
    static FieldList of(HttpRequest request, Http2Spec spec) throws ProtocolException {
        FieldList fields = new FieldList();
        pseudoHeaders(request, spec.pseudoHeaders(), fields);
        boolean splitsCookies = spec.hpack().splitsCookies();
        for (Iterator<Header> headers = request.headerIterator(); headers.hasNext(); ) {
            Header header = headers.next();
            FieldSyntax.require(header);
            String name = HeaderCompletion.lower(header.getName());
            String value = header.getValue() == null ? "" : header.getValue();
            if (OF_HTTP_1.contains(name) || (name.equals("te") && !value.equals("trailers"))) {
                continue;
            }
            if (splitsCookies && name.equals("cookie")) {
                cookies(value, fields);
            } else {
                fields.add(name, value);
            }
        }
        return fields;
    }

    /**
     * Makes the fields with the headers completed as the profile's browser would.
     *
     * @throws ProtocolException if a pseudo-header is missing or a header has an invalid name or value; the message
     *     names the header
     */
    static FieldList completed(
            HttpRequest request,
            @Nullable EntityDetails entity,
            RequestKind kind,
            Http2Spec spec,
            HeaderCompletion completion)
            throws ProtocolException {
        FieldList fields = new FieldList();
        pseudoHeaders(request, spec.pseudoHeaders(), fields);
        boolean splitsCookies = spec.hpack().splitsCookies();
        boolean decodes = completion.complete(request, entity, kind, true, (name, value) -> {
            if (splitsCookies && name.equals("cookie")) {
                cookies(value, fields);
            } else {
                fields.add(name, value);
            }
        });
        fields.setDecodes(decodes);
        return fields;
    }

    /** Makes the fields of a trailer section. */
    static FieldList ofTrailers(List<? extends Header> trailers) throws ProtocolException {
        FieldList fields = new FieldList();
        for (Header trailer : trailers) {
            FieldSyntax.require(trailer);
            fields.add(HeaderCompletion.lower(trailer.getName()), trailer.getValue() == null ? "" : trailer.getValue());
        }
        return fields;
    }

    private static void pseudoHeaders(HttpRequest request, List<String> order, FieldList fields)
            throws ProtocolException {
        String method = request.getMethod();
        boolean connect = Method.CONNECT.isSame(method);
        for (String name : order) {
            switch (name) {
                case ":method" -> fields.add(name, required(name, method));
                case ":authority" -> fields.add(name, required(name, authority(request)));
                case ":scheme" -> {
                    if (!connect) {
                        fields.add(name, required(name, request.getScheme()));
                    }
                }
                default -> {
                    if (!connect) {
                        fields.add(name, required(name, request.getPath()));
                    }
                }
            }
        }
    }

    private static String authority(HttpRequest request) throws ProtocolException {
        URIAuthority authority = request.getAuthority();
        if (authority == null) {
            Header host = request.getHeader("Host");
            return host == null || host.getValue() == null ? "" : host.getValue();
        }
        return authority.getUserInfo() == null
                ? authority.toString()
                : new URIAuthority(authority.getHostName(), authority.getPort()).toString();
    }

    private static String required(String name, String value) throws ProtocolException {
        if (value == null || value.isBlank()) {
            throw new ProtocolException("the request has no %s", name.substring(1));
        }
        FieldSyntax.requireValue(name, value);
        return value;
    }

    private static void cookies(String value, FieldList fields) {
        int start = 0;
        int end = value.indexOf(';');
        while (end >= 0) {
            if (end > start) {
                fields.add("cookie", value.substring(start, end));
            }
            start = end + 1;
            while (start < value.length() && value.charAt(start) == ' ') {
                start++;
            }
            end = value.indexOf(';', start);
        }
        if (start < value.length() || start == 0) {
            fields.add("cookie", start == 0 ? value : value.substring(start));
        }
    }
}
