package io.github.hc5.utls.http;

import java.io.IOException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.jspecify.annotations.Nullable;

/** A processor with one more step at the end of the request's. */
record ChainedHttpProcessor(HttpProcessor first, HttpRequestInterceptor last) implements HttpProcessor {

    @Override
    public void process(HttpRequest request, @Nullable EntityDetails entity, HttpContext context)
            throws HttpException, IOException {
        first.process(request, entity, context);
        last.process(request, entity, context);
    }

    @Override
    public void process(HttpResponse response, @Nullable EntityDetails entity, HttpContext context)
            throws HttpException, IOException {
        first.process(response, entity, context);
    }
}
