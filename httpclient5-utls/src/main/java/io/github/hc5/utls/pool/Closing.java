package io.github.hc5.utls.pool;

import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * How a pool ends: whoever waits is told, exchanges in flight get their time, what was learned is saved, what is left is
 * closed at once.
 */
final class Closing {

    private final HotConnectionManager manager;
    private final @Nullable StateKeeper keeper;

    Closing(HotConnectionManager manager, @Nullable StateKeeper keeper) {
        this.manager = manager;
        this.keeper = keeper;
    }

    void run(CloseMode mode, PoolReactor reactor) {
        for (HostPool pool : manager.pools.values()) {
            pool.close(HotConnectionManager.shutDown());
        }
        long patience =
                mode == CloseMode.GRACEFUL ? manager.settings().closeTimeout().toNanos() : 0;
        reactor.shutDown(() -> drain(patience), this::closeNow);
    }

    private void drain(long patience) {
        manager.context.total.awaitNone(patience);
        StateKeeper kept = keeper;
        if (kept != null) {
            kept.close();
        }
    }

    private void closeNow() {
        for (HostPool pool : manager.pools.values()) {
            for (HotConnection connection : Snapshots.connections(pool)) {
                Effects.close(connection, CloseMode.IMMEDIATE);
            }
        }
    }
}
