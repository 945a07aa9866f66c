package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.resilience.HostLimitException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.junit.jupiter.api.Test;

/** A rate that the configurations of two nodes name. */
class ConfiguredRateTest {

    private static int status(CloseableHttpAsyncClient client, CountingServer server) throws Exception {
        return client.execute(
                        SimpleRequestBuilder.get("http://127.0.0.1:" + server.port() + "/")
                                .build(),
                        null)
                .get(30, TimeUnit.SECONDS)
                .getCode();
    }

    /** What is refused as Redis cannot be asked yet does not count. */
    private static boolean isAnswered(CloseableHttpAsyncClient client, CountingServer server) {
        try {
            return status(client, server) == 200;
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void twoNodesHaveOneRate() throws Exception {
        try (RedisServer redis = RedisServer.running();
                CountingServer server = new CountingServer(100)) {
            UtlsConfig config = ConfigLoader.empty()
                    .text(
                            "utls.toml",
                            "rate.max_wait = \"300ms\"\n[cluster]\naddresses = [\"" + redis.uri()
                                    + "\"]\nrate = 2\nrate_interval = \"1h\"\npolicy = \"closed\"\ntimeout = 5\n")
                    .load();
            try (CloseableHttpAsyncClient one = Utls.asyncClient(config);
                    CloseableHttpAsyncClient two = Utls.asyncClient(config)) {
                Await.until("the first is through", () -> isAnswered(one, server));
                Await.until("the second is through", () -> isAnswered(two, server));
                assertThatThrownBy(() -> status(one, server))
                        .hasCauseInstanceOf(HostLimitException.class)
                        .hasMessageContaining("the rate shared with other machines");
                assertThat(server.answered()).isEqualTo(2);
            }
        }
    }
}
