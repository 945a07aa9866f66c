package io.github.hc5.utls.config;

import io.github.hc5.utls.metrics.AlertMetric;
import io.github.hc5.utls.metrics.AlertOperator;
import io.github.hc5.utls.metrics.AlertRule;
import io.github.hc5.utls.metrics.AlertSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A rule of {@code [alerts.rules]}: what is not set is that of the default rule of the name, if there is one. */
final class AlertDraft {
    private final String name;
    boolean enabled = true;

    @Nullable
    AlertMetric metric;

    @Nullable
    String operator;

    @Nullable
    Double threshold;

    Duration duration = Duration.ofMinutes(1);
    List<String> actions = List.of(AlertRule.LOG);

    AlertDraft(String name) {
        this.name = name;
        for (AlertRule rule : AlertSettings.defaultRules()) {
            if (rule.name().equals(name)) {
                metric = rule.metric();
                operator = rule.operator().symbol();
                threshold = rule.threshold();
                duration = rule.duration();
                actions = rule.actions();
            }
        }
    }

    /** Returns what is needed and was not set. */
    List<String> missing() {
        List<String> names = new ArrayList<>();
        if (metric == null) {
            names.add("metric");
        }
        if (operator == null) {
            names.add("operator");
        }
        if (threshold == null) {
            names.add("threshold");
        }
        return names;
    }

    AlertRule build() {
        return new AlertRule(
                name,
                Objects.requireNonNull(metric),
                AlertOperator.of(Objects.requireNonNull(operator)),
                Objects.requireNonNull(threshold),
                duration,
                actions);
    }
}
