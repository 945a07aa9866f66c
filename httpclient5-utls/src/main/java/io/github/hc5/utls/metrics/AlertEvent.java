package io.github.hc5.utls.metrics;

import java.time.Instant;

/**
 * An alert has begun, goes on, or is over.
 *
 * @param rule whose alert it is
 * @param firing false: it is over
 * @param value of the rule's metric now; not a number where there is none, as without traffic
 * @param at when this was seen
 */
public record AlertEvent(AlertRule rule, boolean firing, double value, Instant at) {}
