package io.github.hc5.utls.bench;

import io.github.hc5.utls.bench.clients.ClientOptions;
import io.github.hc5.utls.bench.clients.HotLoadClient;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.Prewarm;
import io.github.hc5.utls.pool.PrewarmReport;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;

/** How long it takes to open many connections before they are needed. */
final class Prewarming {

    private Prewarming() {}

    static Outcome run(ClientOptions options, URI uri, int connections) throws Exception {
        HttpHost host = HttpHost.create(uri);
        try (HotConnectionManager manager = HotLoadClient.manager(options)) {
            long cpu = ProcessMeter.cpuNanos();
            PrewarmReport report = manager.prewarm(Prewarm.of(new HttpRoute(host, null, true), connections)
                            .withBatches(connections, Duration.ZERO)
                            .withTimeout(Duration.ofMinutes(2)))
                    .result()
                    .get();
            return new Outcome(
                    report.opened(),
                    report.failures().size(),
                    report.failures().isEmpty()
                            ? null
                            : report.failures().get(0).toString(),
                    report.elapsed().toNanos() / 1e9,
                    (ProcessMeter.cpuNanos() - cpu) / 1e9,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0);
        }
    }
}
