package io.github.hc5.utls.metrics;

/**
 * What is done about an alert. Called on the thread of {@link Alerts}, one call at a time: return promptly and leave what
 * takes long to others. What an action throws is logged and keeps no other action from its turn.
 */
public interface AlertAction {

    /** The alert has begun. Told once, until {@link #cleared}. */
    void fired(AlertEvent event);

    /** The alert is over. Told once for each time it {@link #fired}; also when its rule is taken away. */
    default void cleared(AlertEvent event) {}

    /** The alert has gone on for another {@link AlertRule#duration()} since it began or this was last told. */
    default void goesOn(AlertEvent event) {}
}
