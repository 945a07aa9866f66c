package io.github.hc5.utls.resilience;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A pool for each class of load, so that one cannot take the connections of another, whatever it asks for. A lease is of
 * the class with the smallest latency budget that its timeout is within; what has more time, or no limit, goes to the pool
 * of the rest. In a client made by {@link Resilience}, that timeout is what is left of the operation's.
 *
 * <p>Where the classes are to share connections and only their order matters, one pool with
 * {@link io.github.hc5.utls.pool.LeaseScheduling} is the better choice. It owns all managers and closes them. Thread-safe.
 */
public final class LoadClassConnectionManager extends DelegatingConnectionManager {

    /**
     * A class of load.
     *
     * @param budget the longest timeout of a lease that is of this class; positive
     * @param manager of its pool
     */
    public record LoadClass(Duration budget, AsyncClientConnectionManager manager) {

        /** @throws IllegalArgumentException if the budget is not positive */
        public LoadClass {
            Values.positive("budget", budget);
        }
    }

    private final List<LoadClass> classes;
    private final AsyncClientConnectionManager rest;

    /**
     * Pools by class.
     *
     * @param rest for what is of no class
     * @throws IllegalArgumentException if there is no class, or two have the same budget
     */
    public LoadClassConnectionManager(List<LoadClass> classes, AsyncClientConnectionManager rest) {
        this.classes =
                classes.stream().sorted(Comparator.comparing(LoadClass::budget)).toList();
        this.rest = rest;
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("the classes of load are none, must be one or more");
        }
        long budgets = classes.stream().map(LoadClass::budget).distinct().count();
        if (budgets < classes.size()) {
            throw new IllegalArgumentException("two classes of load have the same budget; each needs its own");
        }
    }

    /** Returns the manager that leases with this timeout go to; {@code null} or zero for no limit. */
    public AsyncClientConnectionManager managerFor(@Nullable Timeout timeout) {
        if (timeout != null && timeout.getDuration() > 0) {
            Duration asked = timeout.toDuration();
            for (LoadClass each : classes) {
                if (asked.compareTo(each.budget()) <= 0) {
                    return each.manager();
                }
            }
        }
        return rest;
    }

    @Override
    public Future<AsyncConnectionEndpoint> lease(
            @Nullable String id,
            HttpRoute route,
            @Nullable Object token,
            @Nullable Timeout requestTimeout,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        AsyncClientConnectionManager manager = managerFor(requestTimeout);
        DelegatedLease lease = new DelegatedLease(manager, route, callback);
        lease.begin(manager.lease(id, route, token, requestTimeout, lease.delivery()));
        return lease;
    }

    @Override
    public void close(CloseMode mode) {
        classes.forEach(each -> each.manager().close(mode));
        rest.close(mode);
    }
}
