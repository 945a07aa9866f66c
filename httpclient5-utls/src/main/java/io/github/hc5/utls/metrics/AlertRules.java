package io.github.hc5.utls.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides when alerts begin and end: a function of the figures and the time, without a thread of its own. A rule fires
 * once its comparison has held, at every look, for its duration, and clears at the first look at which it does not hold.
 * Not thread-safe.
 */
final class AlertRules {

    /** What is told of a rule at a look. */
    enum Change {
        FIRED,
        GOES_ON,
        CLEARED
    }

    /** A change and what it is about. */
    record Told(Change change, AlertEvent event) {}

    /** Where a rule stands whose comparison holds. */
    private static final class Held {
        final long sinceNanos;
        boolean firing;
        long toldNanos;

        Held(long now) {
            sinceNanos = now;
        }
    }

    private final Map<AlertRule, Held> held = new HashMap<>();
    private List<AlertRule> rules;

    AlertRules(List<AlertRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Replaces the rules. Those that stay as they were keep their state; those that go clear if they were firing. */
    List<Told> setRules(List<AlertRule> newRules, Instant at) {
        List<Told> told = new ArrayList<>();
        rules = List.copyOf(newRules);
        held.entrySet().removeIf(entry -> {
            boolean gone = !rules.contains(entry.getKey());
            if (gone && entry.getValue().firing) {
                told.add(cleared(entry.getKey(), Double.NaN, at));
            }
            return gone;
        });
        return told;
    }

    /** Looks at the figures and returns what has changed, in the order of the rules. */
    List<Told> look(ToDoubleFunction<AlertMetric> figures, long now, Instant at) {
        List<Told> told = new ArrayList<>();
        for (AlertRule rule : rules) {
            double value = figures.applyAsDouble(rule.metric());
            if (rule.operator().holds(value, rule.threshold())) {
                Told change = holds(rule, held.computeIfAbsent(rule, r -> new Held(now)), value, now, at);
                if (change != null) {
                    told.add(change);
                }
            } else {
                Held before = held.remove(rule);
                if (before != null && before.firing) {
                    told.add(cleared(rule, value, at));
                }
            }
        }
        return told;
    }

    private static @Nullable Told holds(AlertRule rule, Held state, double value, long now, Instant at) {
        long duration = rule.duration().toNanos();
        boolean due = now - (state.firing ? state.toldNanos : state.sinceNanos) >= duration;
        if (!due) {
            return null;
        }
        Change change = state.firing ? Change.GOES_ON : Change.FIRED;
        state.firing = true;
        state.toldNanos = now;
        return new Told(change, new AlertEvent(rule, true, value, at));
    }

    private static Told cleared(AlertRule rule, double value, Instant at) {
        return new Told(Change.CLEARED, new AlertEvent(rule, false, value, at));
    }

    /** The rules that are firing, in their order. */
    List<AlertRule> firing() {
        return rules.stream()
                .filter(rule -> {
                    Held state = held.get(rule);
                    return state != null && state.firing;
                })
                .toList();
    }
}
