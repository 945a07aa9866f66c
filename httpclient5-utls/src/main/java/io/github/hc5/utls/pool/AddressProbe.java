package io.github.hc5.utls.pool;

import java.util.concurrent.CancellationException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpResponse;

/**
 * Finds out if an address that is out is well again: opens one connection to it and, where a banned status took it out,
 * asks for one page; no request of the application is risked. The connection, if it came to be, stays in the pool.
 */
final class AddressProbe {

    private final HotConnection connection;
    private final HostPool pool;
    private final Target target;
    private final PoolTimer timer;

    private AddressProbe(HotConnection connection, PoolTimer timer) {
        this.connection = connection;
        this.pool = connection.pool;
        this.target = connection.targetOrThrow();
        this.timer = timer;
    }

    static void start(HotConnection connection, WarmUp warmUp, PoolTimer timer) {
        AddressProbe probe = new AddressProbe(connection, timer);
        warmUp.open(connection, new FutureCallback<>() {
            @Override
            public void completed(HotConnection opened) {
                probe.opened();
            }

            @Override
            public void failed(Exception cause) {
                probe.pool.outcomes.probed(probe.target, false);
            }

            @Override
            public void cancelled() {
                probe.pool.outcomes.probed(probe.target, false);
            }
        });
    }

    private void opened() {
        if (!pool.targets.ejection.isBanned(target.health)) {
            pool.outcomes.probed(target, true);
        } else if (!pool.checks.reserve(connection)) {
            // in panic a request has taken it already, and will tell
            pool.outcomes.probed(target, true);
        } else {
            ask();
        }
    }

    private void ask() {
        Addressing care = pool.context.addressing;
        long timeout = pool.context.settings().checkTimeout().toNanos();
        LightRequest.send(connection, care.bans.settings().probePath(), timer, timeout, new FutureCallback<>() {
            @Override
            public void completed(HttpResponse head) {
                boolean banned = pool.outcomes.isBanning(head);
                pool.checks.checked(connection, true);
                if (banned) {
                    pool.outcomes.probeBanned(target, head.getCode());
                } else {
                    pool.outcomes.probed(target, true);
                }
            }

            @Override
            public void failed(Exception cause) {
                pool.checks.checked(connection, false);
                pool.outcomes.probed(target, false);
            }

            @Override
            public void cancelled() {
                failed(new CancellationException("The request was cancelled"));
            }
        });
    }
}
