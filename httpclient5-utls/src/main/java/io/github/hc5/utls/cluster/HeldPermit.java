package io.github.hc5.utls.cluster;

import io.github.hc5.utls.pool.LeasePermits;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A permit that the pool has: backed by ids of Redis, or granted by policy. Confined to the link's thread. */
final class HeldPermit implements LeasePermits.Permit {

    private static final Logger LOG = LoggerFactory.getLogger(HeldPermit.class);

    private final HostCap cap;
    private final Consumer<LeasePermits.Permit> revoked;
    final long sinceNanos = System.nanoTime();

    @Nullable
    String hostId;

    @Nullable
    String totalId;

    boolean leaving;

    HeldPermit(HostCap cap, Consumer<LeasePermits.Permit> revoked) {
        this.cap = cap;
        this.revoked = revoked;
    }

    /** From any thread. */
    @Override
    public void release() {
        cap.link.run(() -> cap.released(this));
    }

    /** Asks the pool to give it back. */
    void revoke() {
        leaving = true;
        try {
            revoked.accept(this);
        } catch (RuntimeException e) {
            LOG.error("a permit could not be revoked", e);
        }
    }
}
