package io.github.hc5.utls.bench.clients;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code java.net.http.HttpClient}. It has no setting for how many connections it opens. */
final class JdkLoadClient implements LoadClient {

    static {
        // without it, nobody may ask for a connection of one's own
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "connection");
    }

    private final HttpClient client;
    private final boolean reuse;

    JdkLoadClient(ClientOptions options) throws IOException, GeneralSecurityException {
        client = HttpClient.newBuilder()
                .version(options.http1() || !options.reuse() ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
                .sslContext(options.sslContext())
                .build();
        reuse = options.reuse();
    }

    @Override
    public void get(URI uri, Completion completion) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!reuse) {
            request.header("Connection", "close");
        }
        CompletableFuture<?> unused = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((response, failure) -> ended(response, failure, completion));
    }

    private static void ended(
            @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure, Completion completion) {
        if (response != null) {
            completion.completed(response.statusCode(), response.body().length);
        } else {
            completion.failed(failure != null ? failure : new IllegalStateException("no response"));
        }
    }

    @Override
    public void close() {
        // Java 17's has no close: it ends with its last reference
    }
}
