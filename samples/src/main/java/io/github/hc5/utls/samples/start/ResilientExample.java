package io.github.hc5.utls.samples.start;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** The hot connection manager, and a client on it that tries again what is safe to repeat. */
public final class ResilientExample {

    private ResilientExample() {}

    /**
     * Fetches a URL.
     *
     * @param args the URL
     */
    public static void main(String... args) throws IOException, InterruptedException, ExecutionException {
        String url = args.length > 0 ? args[0] : "https://www.example.com/";
        UtlsSslContext tls = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome-156"))
                .build();
        fetch(url, tls, System.out);
    }

    static void fetch(String url, UtlsSslContext tls, PrintStream out)
            throws IOException, InterruptedException, ExecutionException {
        HotConnectionManager manager = Utls.connectionManagerBuilder(tls).build();
        try (CloseableHttpAsyncClient client = client(manager)) {
            SimpleHttpResponse answer =
                    client.execute(SimpleRequestBuilder.get(url).build(), null).get();
            out.println(answer.getVersion() + " " + answer.getCode() + " " + answer.getBodyText());
        }
    }

    private static CloseableHttpAsyncClient client(HotConnectionManager manager) {
        CloseableHttpAsyncClient client =
                Utls.asyncClient(manager, Resilience.builder().manager(manager).build());
        return client;
    }
}
