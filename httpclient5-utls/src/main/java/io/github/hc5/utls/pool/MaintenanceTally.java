package io.github.hc5.utls.pool;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts for the {@link MaintenanceReport}. Thread-safe, without locks. */
final class MaintenanceTally {

    private final LongAdder runs = new LongAdder();
    private final LongAdder checked = new LongAdder();
    private final LongAdder unhealthy = new LongAdder();
    private final LongAdder replenished = new LongAdder();
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    MaintenanceTally() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void ran() {
        runs.increment();
    }

    void checked(boolean healthy) {
        checked.increment();
        if (!healthy) {
            unhealthy.increment();
        }
    }

    void replenished() {
        replenished.increment();
    }

    void closed(CloseReason reason) {
        LongAdder count = closed.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    MaintenanceReport report() {
        Map<CloseReason, Long> counts = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> counts.put(reason, count.sum()));
        return new MaintenanceReport(runs.sum(), checked.sum(), unhealthy.sum(), replenished.sum(), counts);
    }
}
