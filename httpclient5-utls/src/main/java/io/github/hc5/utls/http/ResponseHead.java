package io.github.hc5.utls.http;

import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.IncomingEntityDetails;
import org.apache.hc.core5.http2.impl.DefaultH2ResponseConverter;

/** Turns the fields of a response's HEADERS into HttpCore's message, checked by RFC 9113 section 8.3.2. */
final class ResponseHead {

    private ResponseHead() {}

    static HttpResponse of(List<Header> fields) throws HttpException {
        HttpResponse response = DefaultH2ResponseConverter.INSTANCE.convert(fields);
        if (response.getCode() < 100 || response.getCode() > 999) {
            throw new ProtocolException("response has the status %d", response.getCode());
        }
        return response;
    }

    static EntityDetails entity(HttpResponse response) {
        return new IncomingEntityDetails(response, -1);
    }

    /** Returns the Content-Length, -1 if there is none. */
    static long contentLength(HttpResponse response) throws ProtocolException {
        Header header = response.getFirstHeader("content-length");
        if (header == null) {
            return -1;
        }
        try {
            long length = Long.parseLong(header.getValue().trim());
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException ex) {
            // the same as a negative one
        }
        throw new ProtocolException("response has the Content-Length '%s'", header.getValue());
    }
}
