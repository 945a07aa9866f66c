package io.github.hc5.utls.metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The action {@code log}: one line when an alert begins, one when it is over. */
final class AlertLog implements AlertAction {

    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

    @Override
    public void fired(AlertEvent event) {
        LOG.warn(
                "alert={} state=firing value={} rule=\"{}\"",
                event.rule().name(),
                event.value(),
                event.rule().condition());
    }

    @Override
    public void cleared(AlertEvent event) {
        LOG.info(
                "alert={} state=cleared value={} rule=\"{}\"",
                event.rule().name(),
                event.value(),
                event.rule().condition());
    }
}
