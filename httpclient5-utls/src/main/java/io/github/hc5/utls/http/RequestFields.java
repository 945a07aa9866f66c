package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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

    private final Http2Spec spec;
    private final @Nullable HeaderCompletion completion;

    /** What a connection's last request had as its authority: most have the same. */
    private volatile @Nullable Authority lastAuthority;

    /** A list that is not in use. */
    private final AtomicReference<@Nullable FieldList> spare = new AtomicReference<>();

    private record Authority(String host, int port, String text) {}

    /** @param completion completes the headers; {@code null} to send them as they are */
    RequestFields(Http2Spec spec, @Nullable HeaderCompletion completion) {
        this.spec = spec;
        this.completion = completion;
    }

    /**
     * Makes the fields of a request, completed as the profile's browser would, or as they are. The list is to be given
     * {@linkplain #release back} when it is not needed any longer.
     *
     * @throws ProtocolException if a pseudo-header is missing or a header has an invalid name or value; the message
     *     names the header
     */
    FieldList of(HttpRequest request, @Nullable EntityDetails entity, RequestKind kind) throws ProtocolException {
        FieldList last = spare.getAndSet(null);
        FieldList fields = last == null ? new FieldList(spec.hpack().splitsCookies()) : last;
        pseudoHeaders(request, fields);
        if (completion == null) {
            asTheyAre(request, fields);
        } else {
            fields.setDecodes(completion.complete(request, entity, kind, true, fields));
        }
        return fields;
    }

    void release(FieldList fields) {
        fields.clear();
        spare.set(fields);
    }

    private void asTheyAre(HttpRequest request, FieldList fields) throws ProtocolException {
        for (Iterator<Header> headers = request.headerIterator(); headers.hasNext(); ) {
            Header header = headers.next();
            FieldSyntax.require(header);
            String name = FieldNames.lower(header.getName());
            String value = header.getValue() == null ? "" : header.getValue();
            if (!FieldNames.OF_HTTP_1.contains(name) && !(name.equals("te") && !value.equals("trailers"))) {
                fields.add(name, value);
            }
        }
    }

    /** Makes the fields of a trailer section. */
    static FieldList ofTrailers(List<? extends Header> trailers) throws ProtocolException {
        FieldList fields = new FieldList(false);
        for (Header trailer : trailers) {
            FieldSyntax.require(trailer);
            fields.add(FieldNames.lower(trailer.getName()), trailer.getValue() == null ? "" : trailer.getValue());
        }
        return fields;
    }

    private void pseudoHeaders(HttpRequest request, FieldList fields) throws ProtocolException {
        String method = request.getMethod();
        boolean connect = Method.CONNECT.isSame(method);
        for (String name : spec.pseudoHeaders()) {
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

    private String authority(HttpRequest request) throws ProtocolException {
        URIAuthority authority = request.getAuthority();
        if (authority == null) {
            Header host = request.getHeader("Host");
            return host == null || host.getValue() == null ? "" : host.getValue();
        }
        Authority last = lastAuthority;
        if (last == null || last.port() != authority.getPort() || !last.host().equals(authority.getHostName())) {
            String text = new URIAuthority(authority.getHostName(), authority.getPort()).toString();
            last = new Authority(authority.getHostName(), authority.getPort(), text);
            lastAuthority = last;
        }
        return last.text();
    }

    private static String required(String name, String value) throws ProtocolException {
        if (value == null || value.isBlank()) {
            throw new ProtocolException("the request has no %s", name.substring(1));
        }
        switch (name) {
            case ":method" -> FieldSyntax.requireMethod(value);
            case ":authority" -> FieldSyntax.requireTarget("authority", value);
            case ":scheme" -> FieldSyntax.requireTarget("scheme", value);
            default -> FieldSyntax.requireTarget("path", value);
        }
        return value;
    }
}
