package io.github.hc5.utls.samples.start;

import io.github.hc5.utls.Utls;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** A client whose browser, pool, rotation, bans and retries are in {@code utls.toml}. */
public final class ConfiguredExample {

    private ConfiguredExample() {}

    /**
     * Fetches a URL.
     *
     * @param args the URL
     */
    public static void main(String... args) throws IOException, InterruptedException, ExecutionException {
        fetch(args.length > 0 ? args[0] : "https://www.example.com/", System.out);
    }

    static void fetch(String url, PrintStream out) throws IOException, InterruptedException, ExecutionException {
        try (CloseableHttpAsyncClient client = Utls.asyncClient()) {
            SimpleHttpResponse answer =
                    client.execute(SimpleRequestBuilder.get(url).build(), null).get();
            out.println(answer.getVersion() + " " + answer.getCode() + " " + answer.getBodyText());
        }
    }
}
