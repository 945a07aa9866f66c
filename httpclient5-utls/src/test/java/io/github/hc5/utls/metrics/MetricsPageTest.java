package io.github.hc5.utls.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.metrics.PoolMeter.Kind;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The page {@code docs/metrics.md} has every meter; its table is made from those that the code registers. */
class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final String BEGIN = "<!-- meters: made by MetricsPageTest -->\n";
    private static final String END = "<!-- end of meters -->\n";

    private record Row(Kind kind, @Nullable String unit, String description, Map<String, Set<String>> tags) {}

    /** On a difference, run this test with {@code -Dutls.write=true}. */
    @Test
    void thePageHasEveryMeter() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(page.substring(0, end)).contains(BEGIN);
        if (Boolean.getBoolean("utls.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
        } else {
            assertThat(page.substring(begin, end)).isEqualTo(table());
        }
    }

    private static String table() {
        StringBuilder text = new StringBuilder();
        section(text, "Of the pool", rows(MeterTable.ofPool(), List.of()));
        Map<String, Row> host = rows(MeterTable.ofHost(), List.of(MeterTable.HOST_TAG));
        Map<String, Set<String>> tags = new LinkedHashMap<>();
        tags.put(MeterTable.HOST_TAG, Set.of());
        Set<String> outcomes = new TreeSet<>();
        for (Outcome outcome : Outcome.values()) {
            outcomes.add(MetricNames.key(outcome));
        }
        tags.put(MeterTable.OUTCOME_TAG, outcomes);
        host.put(MeterTable.RESPONSE, new Row(Kind.TIMER, "seconds", MeterTable.RESPONSE_DESCRIPTION, tags));
        section(text, "Of each host", host);
        section(text, "Of each profile", rows(MeterTable.ofProfile(), List.of(MeterTable.PROFILE_TAG)));
        section(
                text,
                "Of each address, where `maxAddresses` is above 0",
                rows(MeterTable.ofAddress(), List.of(MeterTable.HOST_TAG, MeterTable.ADDRESS_TAG)));
        return text.toString();
    }

    private static <T> Map<String, Row> rows(List<PoolMeter<T>> meters, List<String> of) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (PoolMeter<T> meter : meters) {
            Row row = rows.computeIfAbsent(
                    meter.name(),
                    name -> new Row(meter.kind(), meter.unit(), meter.description(), new LinkedHashMap<>()));
            assertThat(row.description()).as(meter.name()).isEqualTo(meter.description());
            of.forEach(tag -> row.tags().put(tag, Set.of()));
            for (Tag tag : meter.tags()) {
                row.tags().computeIfAbsent(tag.getKey(), key -> new TreeSet<>()).add(tag.getValue());
            }
        }
        return rows;
    }

    private static void section(StringBuilder text, String title, Map<String, Row> rows) {
        text.append("\n### ").append(title).append("\n\n");
        text.append("| meter | in Prometheus | tags | what it is |\n|---|---|---|---|\n");
        rows.forEach((name, row) -> {
            List<String> tags = new ArrayList<>();
            row.tags()
                    .forEach((key, values) ->
                            tags.add("`" + key + "`" + (values.isEmpty() ? "" : ": " + String.join(", ", values))));
            text.append("| `")
                    .append(name)
                    .append("` | `")
                    .append(prometheus(name, row))
                    .append("` | ");
            text.append(String.join("; ", tags))
                    .append(" | ")
                    .append(row.description())
                    .append(" |\n");
        });
    }

    private static String prometheus(String name, Row row) {
        Meter.Type type = switch (row.kind()) {
            case GAUGE -> Meter.Type.GAUGE;
            case COUNTER -> Meter.Type.COUNTER;
            case TIMER -> Meter.Type.TIMER;
        };
        String converted = new PrometheusNamingConvention().name(name, type, row.unit());
        return row.kind() == Kind.COUNTER && !converted.endsWith("_total") ? converted + "_total" : converted;
    }
}
