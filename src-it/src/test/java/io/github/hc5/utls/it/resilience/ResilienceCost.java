package io.github.hc5.utls.it.resilience;

import io.github.hc5.utls.it.CostRounds;
import io.github.hc5.utls.pool.HotConnectionManager;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;

/** What resilience costs where nothing fails: {@code src-it/bench-cost resilience [rounds] [seconds]}. */
final class ResilienceCost {

    private static final int CONNECTIONS = 128;

    private ResilienceCost() {}

    public static void main(String[] args) throws Exception {
        try (FaultServer server = new FaultServer(90, 1, () -> "", (local, id) -> Fault.NONE);
                HotConnectionManager bare =
                        World.manager(server.addresses, CONNECTIONS).build();
                HotConnectionManager safe =
                        World.manager(server.addresses, CONNECTIONS).build();
                CloseableHttpAsyncClient without = HttpAsyncClients.custom()
                        .setConnectionManager(bare)
                        .disableCookieManagement()
                        .disableContentCompression()
                        .build();
                CloseableHttpAsyncClient with =
                        World.client(safe, World.resilience(safe).build())) {
            server.doNotRecordAddresses();
            without.start();
            String url = "http://" + World.HOST + ":" + server.port() + "/";
            new CostRounds(without, with, url, "fault-server").run(args);
        }
    }
}
