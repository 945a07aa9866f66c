package io.github.hc5.utls.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What alert settings accept. */
class AlertSettingsTest {

    private static AlertRule rule(String name, String... actions) {
        return new AlertRule(
                name, AlertMetric.ERROR_RATE, AlertOperator.GREATER, 0.2, Duration.ofMinutes(5), List.of(actions));
    }

    @Test
    void theDefaultsAreTheThreeUsualRules() {
        assertThat(AlertSettings.defaults().rules())
                .extracting(AlertRule::condition)
                .containsExactly(
                        "success_rate < 0.8 for 300 s",
                        "error_rate > 0.2 for 300 s",
                        "active_connections > 0.9 for 60 s");
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> AlertSettings.builder()
                        .rules(List.of(rule("a", "log"), rule("a", "log")))
                        .build())
                .hasMessage("two rules have the name 'a', names must differ");
        assertThatThrownBy(() -> AlertSettings.builder()
                        .rules(List.of(rule("a", "webhook")))
                        .build())
                .hasMessage("webhook is not set, but the rule 'a' has that action");
        assertThatThrownBy(() -> AlertSettings.builder()
                        .webhook(URI.create("ftp://u:p@host/secret"))
                        .build())
                .hasMessage("webhook is 'ftp://host/...', must be an http or https URL");
        assertThatThrownBy(() -> AlertMetric.of("succes_rate"))
                .hasMessageStartingWith("metric is 'succes_rate', must be one of success_rate, error_rate,");
        assertThatThrownBy(() -> AlertOperator.of("=<")).hasMessage("operator is '=<', must be one of < <= > >=");
    }

    @Test
    void theWebhooksSecretsAreNotShown() {
        AlertSettings settings = AlertSettings.builder()
                .webhook(URI.create("https://user:pass@host:8443/hook/T0KEN?key=S3CRET"))
                .build();

        assertThat(settings.toString()).contains("https://host:8443/...").doesNotContain("pass", "T0KEN", "S3CRET");
    }

    @Test
    void aFigureThatIsNoNumberFulfilsNoComparison() {
        for (AlertOperator operator : AlertOperator.values()) {
            assertThat(operator.holds(Double.NaN, 0.5)).isFalse();
        }
        assertThat(AlertOperator.of("<").holds(0.8, 0.8)).isFalse();
        assertThat(AlertOperator.of("<=").holds(0.8, 0.8)).isTrue();
        assertThat(AlertOperator.of(">").holds(0.8, 0.8)).isFalse();
        assertThat(AlertOperator.of(">=").holds(0.8, 0.8)).isTrue();
    }
}
