package io.github.hc5.utls.bench.clients;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;

/** Apache HttpClient's async client, on whichever connection manager. */
class HttpClient5LoadClient implements LoadClient {

    private final CloseableHttpAsyncClient client;

    HttpClient5LoadClient(CloseableHttpAsyncClient client) {
        this.client = client;
        client.start();
    }

    @Override
    public void get(URI uri, Completion completion) {
        SimpleHttpRequest request = SimpleRequestBuilder.get(uri).build();
        Future<SimpleHttpResponse> unused = client.execute(request, new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                byte[] body = response.getBodyBytes();
                completion.completed(response.getCode(), body == null ? 0 : body.length);
            }

            @Override
            public void failed(Exception cause) {
                completion.failed(cause);
            }

            @Override
            public void cancelled() {
                completion.failed(new IllegalStateException("cancelled"));
            }
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
