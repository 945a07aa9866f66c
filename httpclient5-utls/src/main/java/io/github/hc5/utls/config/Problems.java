package io.github.hc5.utls.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong in all layers, so that it can be said at once. Not thread-safe. */
final class Problems {

    private record Problem(Origin origin, String text) {}

    private final List<Problem> problems = new ArrayList<>();

    /** @param key the key that it is about, empty for none */
    void add(Origin origin, String key, String problem) {
        Problem found = new Problem(origin, (key.isEmpty() ? "" : key + ": ") + problem);
        if (!problems.contains(found)) {
            problems.add(found);
        }
    }

    /** Whether there is a problem of a key that begins so. */
    boolean isAbout(String prefix) {
        return problems.stream().anyMatch(problem -> problem.text().startsWith(prefix));
    }

    /** Builds something, whose refusal becomes a problem. */
    <T> @Nullable T build(Origin origin, String key, Supplier<T> construction) {
        try {
            return construction.get();
        } catch (IllegalArgumentException e) {
            add(origin, key, String.valueOf(e.getMessage()));
            return null;
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** @throws ConfigException if there is any problem */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            // by place within a source, while sources stay in the order of the layers
            List<String> sources = problems.stream()
                    .map(problem -> problem.origin().source())
                    .distinct()
                    .toList();
            throw new ConfigException(problems.stream()
                    .sorted(Comparator.comparingInt((Problem problem) ->
                                    sources.indexOf(problem.origin().source()))
                            .thenComparingInt(problem -> problem.origin().line())
                            .thenComparingInt(problem -> problem.origin().column()))
                    .map(problem -> problem.origin() + ": " + problem.text())
                    .toList());
        }
    }
}
