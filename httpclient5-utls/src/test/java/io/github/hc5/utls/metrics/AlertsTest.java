package io.github.hc5.utls.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When alerts fire and clear, under a clock that the test moves. */
class AlertsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<AlertMetric, Double> figures = new EnumMap<>(AlertMetric.class);
    private final List<String> told = new ArrayList<>();
    private long now;

    private final AlertAction recorder = new AlertAction() {
        @Override
        public void fired(AlertEvent event) {
            note("fired", event);
        }

        @Override
        public void cleared(AlertEvent event) {
            note("cleared", event);
        }

        @Override
        public void goesOn(AlertEvent event) {
            note("goes on", event);
        }

        private void note(String what, AlertEvent event) {
            assertThat(event.firing()).isEqualTo(!what.equals("cleared"));
            assertThat(event.at()).isEqualTo(START.plusNanos(now));
            told.add(what + " " + event.rule().name() + " " + event.value());
        }
    };

    private Alerts alerts(AlertSettings settings) {
        AlertAction failing = event -> {
            throw new IllegalStateException("an action that fails");
        };
        return new Alerts(
                settings,
                () -> metric -> figures.getOrDefault(metric, Double.NaN),
                () -> now,
                () -> START.plusNanos(now),
                Map.of(AlertRule.LOG, recorder, "failing", failing));
    }

    private void lookAt(Alerts alerts, Duration time) {
        now = time.toNanos();
        alerts.look();
    }

    @Test
    void theDefaultRulesFireAtTheirTimesOnceAndClearOnce() {
        Alerts alerts = alerts(AlertSettings.defaults());
        figures.put(AlertMetric.SUCCESS_RATE, 0.79);
        figures.put(AlertMetric.ERROR_RATE, 0.21);
        figures.put(AlertMetric.ACTIVE_CONNECTIONS, 0.91);

        lookAt(alerts, Duration.ZERO);
        lookAt(alerts, Duration.ofMinutes(1).minusNanos(1));
        assertThat(told).isEmpty();
        lookAt(alerts, Duration.ofMinutes(1));
        assertThat(told).containsExactly("fired pool-nearly-full 0.91");
        lookAt(alerts, Duration.ofMinutes(1).plusSeconds(10));
        figures.put(AlertMetric.ACTIVE_CONNECTIONS, 0.9);
        lookAt(alerts, Duration.ofMinutes(1).plusSeconds(20));
        lookAt(alerts, Duration.ofMinutes(1).plusSeconds(30));
        assertThat(told).containsExactly("fired pool-nearly-full 0.91", "cleared pool-nearly-full 0.9");

        told.clear();
        lookAt(alerts, Duration.ofMinutes(5).minusNanos(1));
        assertThat(told).isEmpty();
        lookAt(alerts, Duration.ofMinutes(5));
        assertThat(told).containsExactly("fired low-success-rate 0.79", "fired high-error-rate 0.21");
        assertThat(alerts.firing()).extracting(AlertRule::name).containsExactly("low-success-rate", "high-error-rate");

        told.clear();
        figures.put(AlertMetric.SUCCESS_RATE, 0.8);
        figures.put(AlertMetric.ERROR_RATE, 0.2);
        lookAt(alerts, Duration.ofMinutes(6));
        lookAt(alerts, Duration.ofMinutes(7));
        assertThat(told).containsExactly("cleared low-success-rate 0.8", "cleared high-error-rate 0.2");
        assertThat(alerts.firing()).isEmpty();
    }

    @Test
    void aBreakBeginsTheDurationAnew() {
        Alerts alerts = alerts(AlertSettings.defaults());
        figures.put(AlertMetric.ACTIVE_CONNECTIONS, 1.0);
        lookAt(alerts, Duration.ZERO);
        figures.put(AlertMetric.ACTIVE_CONNECTIONS, 0.5);
        lookAt(alerts, Duration.ofSeconds(50));
        figures.put(AlertMetric.ACTIVE_CONNECTIONS, 1.0);
        lookAt(alerts, Duration.ofMinutes(1));
        lookAt(alerts, Duration.ofSeconds(119));
        assertThat(told).isEmpty();
        lookAt(alerts, Duration.ofMinutes(2));
        assertThat(told).containsExactly("fired pool-nearly-full 1.0");
    }

    @Test
    void whatGoesOnIsToldAfterEachDuration() {
        Alerts alerts = alerts(AlertSettings.defaults());
        figures.put(AlertMetric.ACTIVE_CONNECTIONS, 1.0);
        for (int second = 0; second <= 180; second += 30) {
            lookAt(alerts, Duration.ofSeconds(second));
        }
        assertThat(told)
                .containsExactly(
                        "fired pool-nearly-full 1.0", "goes on pool-nearly-full 1.0", "goes on pool-nearly-full 1.0");
    }

    @Test
    void withoutTrafficThereIsNoRateAndAnAlertOnItClears() {
        Alerts alerts = alerts(AlertSettings.defaults());
        lookAt(alerts, Duration.ZERO);
        lookAt(alerts, Duration.ofHours(1));
        assertThat(told).isEmpty();

        figures.put(AlertMetric.SUCCESS_RATE, 0.0);
        lookAt(alerts, Duration.ofHours(2));
        lookAt(alerts, Duration.ofHours(3));
        figures.remove(AlertMetric.SUCCESS_RATE);
        lookAt(alerts, Duration.ofHours(4));
        assertThat(told).containsExactly("fired low-success-rate 0.0", "cleared low-success-rate NaN");
    }

    @Test
    void newSettingsKeepTheStateOfRulesThatStayAndClearThoseThatGo() {
        AlertRule kept = rule("kept", Duration.ofMinutes(2), "log");
        AlertRule gone = rule("gone", Duration.ZERO, "log");
        Alerts alerts = alerts(settings(kept, gone));
        figures.put(AlertMetric.WAITING_LEASES, 5.0);
        lookAt(alerts, Duration.ZERO);
        assertThat(told).containsExactly("fired gone 5.0");

        alerts.setSettings(settings(kept, rule("new", Duration.ofMinutes(2), "log")));
        assertThat(told).containsExactly("fired gone 5.0", "cleared gone NaN");
        lookAt(alerts, Duration.ofMinutes(2));
        assertThat(told).endsWith("fired kept 5.0");

        alerts.setSettings(alerts.settings().toBuilder().enabled(false).build());
        assertThat(told).endsWith("cleared kept NaN");
        lookAt(alerts, Duration.ofMinutes(10));
        assertThat(told).hasSize(4);
    }

    @Test
    void anActionThatFailsKeepsNoOtherFromItsTurn() {
        Alerts alerts = alerts(settings(rule("a", Duration.ZERO, "failing", "log"), rule("b", Duration.ZERO, "log")));
        figures.put(AlertMetric.WAITING_LEASES, 5.0);
        lookAt(alerts, Duration.ZERO);
        assertThat(told).containsExactly("fired a 5.0", "fired b 5.0");
    }

    @Test
    void anActionNobodyKnowsIsRefusedAndNothingChanges() {
        Alerts alerts = alerts(AlertSettings.defaults());
        assertThatThrownBy(() -> alerts.setSettings(settings(rule("a", Duration.ZERO, "page"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the rule 'a' has the action 'page', must be one of failing, log");
        assertThat(alerts.settings()).isEqualTo(AlertSettings.defaults());
    }

    private static AlertRule rule(String name, Duration duration, String... actions) {
        return new AlertRule(
                name, AlertMetric.WAITING_LEASES, AlertOperator.GREATER_OR_EQUAL, 5, duration, List.of(actions));
    }

    private static AlertSettings settings(AlertRule... rules) {
        return AlertSettings.builder().rules(List.of(rules)).build();
    }
}
