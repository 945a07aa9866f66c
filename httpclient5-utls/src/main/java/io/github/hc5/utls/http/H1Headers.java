package io.github.hc5.utls.http;

import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The last step before an HTTP/1.1 request is written: headers completed, in the browser's order and letter case, and
 * refused where their syntax is wrong. A CONNECT is for the proxy, and says nothing but who asks.
 */
final class H1Headers implements HttpRequestInterceptor {

    /** Set in an exchange's context where the response is to be decoded here. */
    static final String DECODES = "io.github.hc5.utls.decodes";

    private final @Nullable HeaderCompletion completion;

    /** @param completion completes the headers; {@code null} to check them only */
    H1Headers(@Nullable HeaderCompletion completion) {
        this.completion = completion;
    }

    @Override
    public void process(HttpRequest request, @Nullable EntityDetails entity, HttpContext context)
            throws ProtocolException {
        FieldSyntax.requireMethod(request.getMethod());
        FieldSyntax.requireTarget("path", String.valueOf(request.getRequestUri()));
        if (completion == null || Method.CONNECT.isSame(request.getMethod())) {
            for (Header header : request.getHeaders()) {
                FieldSyntax.require(header);
            }
            if (completion != null) {
                completion.nameUserAgent(request);
            }
            return;
        }
        List<Header> headers = new ArrayList<>();
        boolean decodes = completion.complete(
                request,
                entity,
                RequestKindRule.of(request, context),
                false,
                (name, value) -> headers.add(new BasicHeader(name, value)));
        request.setHeaders(headers.toArray(new Header[0]));
        context.setAttribute(DECODES, decodes);
    }
}
