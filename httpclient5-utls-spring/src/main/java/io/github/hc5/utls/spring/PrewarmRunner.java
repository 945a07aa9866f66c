package io.github.hc5.utls.spring;

import io.github.hc5.utls.pool.PrewarmProgress;
import io.github.hc5.utls.pool.PrewarmReport;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;

/**
 * Opens the connections that the configuration wants ready, before the application says that it is: runners run while it is
 * live and not yet ready. It waits no longer than the time limit of each order, and goes on where some could not be opened.
 */
final class PrewarmRunner implements ApplicationRunner, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(PrewarmRunner.class);

    private final UtlsPools pools;

    PrewarmRunner(UtlsPools pools) {
        this.pools = pools;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        List<PrewarmProgress> begun = new ArrayList<>();
        pools.all().forEach(pool -> begun.addAll(pool.prewarm()));
        for (PrewarmProgress progress : begun) {
            PrewarmReport report = progress.result().join();
            String host = report.route().getTargetHost().toURI();
            if (report.isComplete()) {
                LOG.info("{}: {} connections are ready", host, report.opened());
            } else {
                LOG.warn(
                        "{}: {} of {} connections are ready; the others: {}",
                        host,
                        report.opened(),
                        report.requested(),
                        report.failures().isEmpty()
                                ? "not in time"
                                : report.failures().get(0).toString());
            }
        }
    }

    /** Before the application's own runners, which may send requests. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
