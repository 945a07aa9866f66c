package io.github.hc5.utls.samples.start;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.cluster.RedisPoolState;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** One cap on the connections of all nodes that share a Redis. Needs {@code org.redisson:redisson} on the class path. */
public final class SharedLimitsExample {

    private SharedLimitsExample() {}

    /**
     * Fetches a URL.
     *
     * @param args the URL, and Redis's
     */
    public static void main(String... args) throws IOException, InterruptedException, ExecutionException {
        String url = args.length > 0 ? args[0] : "https://www.example.com/";
        String redis = args.length > 1 ? args[1] : "redis://127.0.0.1:6379";
        UtlsSslContext tls = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome-156"))
                .build();
        fetch(url, redis, tls, System.out);
    }

    /** Fetches a URL, and prints how many permits that took. */
    public static void fetch(String url, String redis, UtlsSslContext tls, PrintStream out)
            throws IOException, InterruptedException, ExecutionException {
        ClusterSettings cluster = ClusterSettings.builder(redis).maxPerHost(20).build();
        try (RedisLeasePermits permits = RedisLeasePermits.connect(cluster)) {
            HotConnectionManager manager =
                    Utls.connectionManagerBuilder(tls).setLeasePermits(permits).build();
            RedisPoolState bans = permits.shareBans(manager);
            try (bans;
                    CloseableHttpAsyncClient client = Utls.asyncClient(manager)) {
                SimpleHttpResponse answer = client.execute(
                                SimpleRequestBuilder.get(url).build(), null)
                        .get();
                out.println(answer.getVersion() + " " + answer.getCode() + ", permits held: " + permits.held());
            }
        }
    }
}
