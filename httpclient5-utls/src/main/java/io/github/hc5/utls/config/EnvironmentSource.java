package io.github.hc5.utls.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The layer of environment variables: {@code UTLS_POOL_MAX_CONNECTIONS} and so on for every key, and bare names for the
 * keys of {@code [pool]}, which the prefixed ones override. A variable with an array or an inline table is read as TOML; a
 * list may also be written with commas.
 *
 * <p>An unknown variable that begins with {@code UTLS_} and the name of a table is a mistake, except for those that
 * Kubernetes sets for each service.
 */
record EnvironmentSource(Map<String, String> variables) implements ConfigSource {

    private static final String PREFIX = "UTLS_";

    private static final Pattern OF_KUBERNETES =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT\\w*|PORT|PORT_\\d+_.*)");

    EnvironmentSource {
        variables = Map.copyOf(variables);
    }

    @Override
    public @Nullable Path file() {
        return null;
    }

    @Override
    public Map<String, RawValue> read(Problems problems) {
        Map<String, RawValue> root = new LinkedHashMap<>();
        Set<String> known = new TreeSet<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            known.add(key.environmentName());
            String bare = key.bareEnvironmentName();
            String prefixed = variables.get(key.environmentName());
            if (prefixed != null) {
                put(root, key, key.environmentName(), prefixed, problems);
            } else if (bare != null && variables.get(bare) != null) {
                put(root, key, bare, String.valueOf(variables.get(bare)), problems);
            }
        }
        for (String name : new TreeSet<>(variables.keySet())) {
            if (isMistake(name, known)) {
                Optional<String> near = NearestKeys.to(name, known);
                problems.add(
                        origin(name),
                        "",
                        "unknown variable"
                                + near.map(n -> ", did you mean " + n + "?").orElse(""));
            }
        }
        return root;
    }

    private static boolean isMistake(String name, Set<String> known) {
        if (!name.startsWith(PREFIX)
                || known.contains(name)
                || OF_KUBERNETES.matcher(name).matches()) {
            return false;
        }
        return ConfigKeys.tree().names().stream()
                .map(table -> PREFIX + table.toUpperCase(java.util.Locale.ROOT) + "_")
                .anyMatch(name::startsWith);
    }

    private static Origin origin(String name) {
        return Origin.of("environment variable " + name);
    }

    private static void put(Map<String, RawValue> root, ConfigKey<?> key, String name, String text, Problems problems) {
        List<String> path = key.isPattern() ? key.segments().subList(0, firstFree(key)) : key.segments();
        Map<String, RawValue> table = root;
        for (String segment : path.subList(0, path.size() - 1)) {
            table = table.computeIfAbsent(
                            segment, any -> new RawValue(new LinkedHashMap<String, RawValue>(), origin(name), true))
                    .map();
        }
        table.put(path.get(path.size() - 1), value(name, text, problems));
    }

    private static int firstFree(ConfigKey<?> key) {
        int index = 0;
        while (!key.segments().get(index).startsWith("<")) {
            index++;
        }
        return index;
    }

    private static RawValue value(String name, String text, Problems problems) {
        if (!text.startsWith("[") && !text.startsWith("{")) {
            return new RawValue(text, origin(name), true);
        }
        Problems own = new Problems();
        Map<String, RawValue> parsed = new TomlSource(name, null, true, () -> "value = " + text).read(own);
        RawValue value = parsed.get("value");
        if (!own.isEmpty() || value == null) {
            problems.add(origin(name), "", "is neither an array nor an inline table of TOML, must be one");
            return new RawValue(Map.of(), origin(name), true);
        }
        return value;
    }
}
