package io.github.hc5.utls.pool;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the state of a pool outlives the process. Called by one thread at a time, which may block. Whatever happens while a
 * state is saved, a later {@link #load} returns that one or the one before, whole.
 */
public interface StateStore {

    /**
     * Returns the state saved last, {@code null} if there is none or it cannot be understood; what cannot be understood is
     * set aside.
     *
     * @throws IOException if it cannot be reached now; nothing is saved before it could be
     */
    @Nullable
    PoolState load() throws IOException;

    /** Replaces the state. */
    void save(PoolState state) throws IOException;
}
