package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.AlertAction;

/** Something that a rule of alerts may do, made for each pool, so that what is told names the pool. */
interface PoolAlerts {

    /** Returns what rules call it. */
    String name();

    AlertAction of(String pool);
}
