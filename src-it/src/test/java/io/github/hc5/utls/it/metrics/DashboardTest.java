package io.github.hc5.utls.it.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.metrics.UtlsMetrics;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard and the rules use names that a live pool exports, and no others. */
class DashboardTest {

    private static final Path RULES = Path.of("..", "config", "prometheus", "httpclient5-utls.rules.yml");
    private static final Path DASHBOARD = Path.of("..", "config", "grafana", "httpclient5-utls.json");
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern DURATION = Pattern.compile("[1-9][0-9]*[smhd]");

    private static Map<String, Set<String>> exported = Map.of();

    @BeforeAll
    static void scrape() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (LiveHost host = new LiveHost(HttpVersionPolicy.NEGOTIATE, 2);
                HotConnectionManager manager = host.manager().build();
                CloseableHttpAsyncClient client = LiveHost.client(manager);
                UtlsMetrics metrics = new UtlsMetrics(
                        manager,
                        MetricsSettings.builder()
                                .maxAddresses(10)
                                .refresh(Duration.ZERO)
                                .build())) {
            metrics.bindTo(registry);
            for (int i = 0; i < 4; i++) {
                assertThat(host.get(client)).isEqualTo(200);
            }
            // the meters of a profile appear with the first scrape after its handshake
            registry.scrape();
            exported = Exposition.names(registry.scrape());
        }
    }

    private static void check(String where, String expression, Map<String, Set<String>> known) {
        PromQl query = new PromQl(expression);
        assertThat(query.metrics).as("%s: %s", where, expression).isNotEmpty();
        query.metrics.forEach((name, labels) -> {
            assertThat(known).as("%s: the metric of %s", where, expression).containsKey(name);
            assertThat(Objects.requireNonNull(known.get(name)))
                    .as("%s: the labels of %s", where, name)
                    .containsAll(labels);
        });
    }

    /** The rules that work something out, each with the labels that its result has. */
    private static Map<String, Set<String>> recorded(List<Map<String, Object>> rules) {
        Map<String, Set<String>> recorded = new LinkedHashMap<>();
        for (Map<String, Object> rule : rules) {
            if (rule.get("record") instanceof String name) {
                String expression = String.valueOf(rule.get("expr"));
                Set<String> labels = new TreeSet<>();
                Pattern.compile("by \\(([^)]*)\\)")
                        .matcher(expression)
                        .results()
                        .forEach(by -> labels.addAll(List.of(by.group(1).split(", *"))));
                recorded.put(name, labels);
            }
        }
        return recorded;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, Object> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(RULES));
        List<Map<String, Object>> rules = new ArrayList<>();
        assertThat(file).containsOnlyKeys("groups");
        for (Map<String, Object> group : (List<Map<String, Object>>) Objects.requireNonNull(file.get("groups"))) {
            assertThat(group).containsOnlyKeys("name", "rules");
            rules.addAll((List<Map<String, Object>>) Objects.requireNonNull(group.get("rules")));
        }
        return rules;
    }

    private static Map<String, Set<String>> known() throws IOException {
        Map<String, Set<String>> known = new LinkedHashMap<>(exported);
        known.putAll(recorded(rules()));
        return known;
    }

    @Test
    void rulesUseWhatIsExported() throws IOException {
        List<Map<String, Object>> rules = rules();
        Map<String, Set<String>> known = known();
        Set<String> names = new TreeSet<>();
        int alerts = 0;
        for (Map<String, Object> rule : rules) {
            String name = String.valueOf(rule.getOrDefault("alert", rule.get("record")));
            assertThat(names.add(name)).as("%s stands once", name).isTrue();
            check(name, String.valueOf(rule.get("expr")), known);
            if (rule.containsKey("alert")) {
                alerts++;
                assertThat(rule.keySet()).as(name).isSubsetOf("alert", "expr", "for", "labels", "annotations");
                assertThat(rule).as(name).containsKeys("labels", "annotations");
                assertThat(String.valueOf(rule.getOrDefault("for", "1m")))
                        .as(name)
                        .matches(DURATION);
            } else {
                assertThat(rule.keySet()).as(name).containsExactlyInAnyOrder("record", "expr");
                assertThat(name).matches("[a-z]+:[a-z]+:[a-z0-9]+");
            }
        }
        assertThat(alerts).isGreaterThanOrEqualTo(3);
    }

    @Test
    void theDashboardUsesWhatIsExported() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        Map<String, Set<String>> known = known();
        int panels = 0;
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            String title = panel.get("title").asText();
            assertThat(ids.add(panel.get("id").asInt())).as(title).isTrue();
            for (JsonNode target : panel.path("targets")) {
                check(title, target.get("expr").asText(), known);
                panels++;
            }
        }
        assertThat(panels).isGreaterThan(20);
        for (JsonNode variable : dashboard.at("/templating/list")) {
            if (variable.get("type").asText().equals("query")) {
                check(
                        variable.get("name").asText(),
                        variable.at("/query/query")
                                .asText()
                                .replaceFirst("label_values\\((.*), (\\w+)\\)", "sum by ($2) ($1)"),
                        known);
            }
        }
    }

    /** What the page of meters says of Prometheus is so. */
    @Test
    void thePageNamesWhatIsExported() throws IOException {
        String page = Files.readString(PAGE);
        for (String name : exported.keySet()) {
            String family = name.replaceFirst("_(count|sum|max)$", "");
            assertThat(page).as(name).containsAnyOf("`" + name + "`", "`" + family + "`");
        }
    }

    /** As {@code promtool check metrics} has it, for what is neither a summary nor a histogram. */
    @Test
    void noMeterHasLabelsThatPrometheusKeepsForItself() {
        exported.forEach(
                (name, labels) -> assertThat(labels).as(name).doesNotContain("quantile", "le", "job", "instance"));
    }

    @Test
    void aNameThatIsNotExportedIsFound() {
        Map<String, Set<String>> known = Map.of("a_total", Set.of("host"));
        check("well", "sum by (host) (rate(a_total{host=~\"x\"}[5m])) > 1", known);

        assertThatThrownBy(() -> check("metric", "rate(b_total[5m])", known)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check("label", "a_total{hosts=\"x\"}", known)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check("grouping", "sum by (hosts) (a_total)", known))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> new PromQl("summ(a_total)")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PromQl("sum(a_total")).isInstanceOf(IllegalArgumentException.class);
    }
}
