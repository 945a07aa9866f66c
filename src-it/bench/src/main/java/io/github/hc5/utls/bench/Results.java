package io.github.hc5.utls.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all contenders came to in all rounds. */
final class Results {

    private final Map<Workload, Map<String, List<Outcome>>> outcomes = new LinkedHashMap<>();

    /**
     * A figure over the rounds.
     *
     * @param errors of all rounds: a contender with errors is shown, not ranked
     * @param error the first of them
     */
    record Cell(
            double median,
            double least,
            double most,
            long errors,
            @Nullable String error) {}

    void add(Workload workload, String contender, Outcome outcome) {
        outcomes.computeIfAbsent(workload, w -> new LinkedHashMap<>())
                .computeIfAbsent(contender, c -> new ArrayList<>())
                .add(outcome);
    }

    List<Workload> workloads(Workload.Group group) {
        return outcomes.keySet().stream().filter(w -> w.group() == group).toList();
    }

    /** Returns who took part, in the order of the first appearance. */
    List<String> contenders(Workload workload) {
        return List.copyOf(outcomes.getOrDefault(workload, Map.of()).keySet());
    }

    /** Returns the figure of a contender; {@code null} if it did not take part. */
    @Nullable
    Cell cell(Workload workload, String contender, Workload.Figure figure) {
        List<Outcome> rounds = outcomes.getOrDefault(workload, Map.of()).get(contender);
        if (rounds == null) {
            return null;
        }
        double[] values = rounds.stream().mapToDouble(figure.of()).sorted().toArray();
        int middle = values.length / 2;
        double median = values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        return new Cell(
                median,
                values[0],
                values[values.length - 1],
                rounds.stream().mapToLong(Outcome::errors).sum(),
                rounds.stream()
                        .map(Outcome::error)
                        .filter(e -> e != null)
                        .findFirst()
                        .orElse(null));
    }
}
