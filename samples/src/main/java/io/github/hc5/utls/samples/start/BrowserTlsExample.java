package io.github.hc5.utls.samples.start;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/** The README's Java: an existing HttpClient 5 application takes on a browser's TLS by one setting. */
public final class BrowserTlsExample {

    private BrowserTlsExample() {}

    /**
     * Fetches a URL with the async client, and again through the blocking API.
     *
     * @param args the URL
     */
    public static void main(String... args) throws IOException, InterruptedException, ExecutionException {
        String url = args.length > 0 ? args[0] : "https://www.example.com/";
        UtlsSslContext tls = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome-156"))
                .build();
        fetch(url, tls, System.out);
        fetchBlocking(url, tls, System.out);
    }

    static void fetch(String url, UtlsSslContext tls, PrintStream out)
            throws IOException, InterruptedException, ExecutionException {
        try (CloseableHttpAsyncClient client = client(tls)) {
            client.start();
            SimpleHttpResponse answer =
                    client.execute(SimpleRequestBuilder.get(url).build(), null).get();
            out.println(answer.getVersion() + " " + answer.getCode() + " " + answer.getBodyText());
        }
    }

    static void fetchBlocking(String url, UtlsSslContext tls, PrintStream out) throws IOException {
        CloseableHttpAsyncClient client = client(tls);
        try (CloseableHttpClient blocking = HttpAsyncClients.classic(client, Timeout.ofSeconds(30))) {
            String body = blocking.execute(new HttpGet(url), answer -> EntityUtils.toString(answer.getEntity()));
            out.println(body);
        }
    }

    private static CloseableHttpAsyncClient client(UtlsSslContext tls) {
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(new UtlsTlsStrategy(tls))
                        .build())
                .build();
        return client;
    }
}
