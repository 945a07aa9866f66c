package io.github.hc5.utls.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All keys: the one list from which files are read and written, documentation is generated, and other modules take their
 * metadata.
 */
public final class ConfigKeys {

    private static final List<ConfigKey<?>> ALL = all(
            RootKeys.keys(),
            PoolKeys.keys(),
            TlsKeys.keys(),
            FingerprintKeys.keys(),
            RequestKeys.keys(),
            AddressKeys.keys(),
            HealthKeys.keys(),
            LimitKeys.keys(),
            OperationKeys.keys(),
            ObservationKeys.keys(),
            ClusterKeys.keys());

    private static final Map<String, ConfigKey<?>> BY_NAME = byName();

    private static final KeyTree TREE = KeyTree.of(ALL);

    private ConfigKeys() {}

    /** The keys of a table stand together, those of the tables in it behind them, as a file must have them. */
    @SafeVarargs
    private static List<ConfigKey<?>> all(List<ConfigKey<?>>... tables) {
        Map<String, Map<String, List<ConfigKey<?>>>> sorted = new LinkedHashMap<>();
        for (List<ConfigKey<?>> table : tables) {
            for (ConfigKey<?> key : table) {
                String top = key.segments().size() == 1 ? "" : key.segments().get(0);
                Map<String, List<ConfigKey<?>>> group = sorted.computeIfAbsent(top, any -> new LinkedHashMap<>());
                group.computeIfAbsent(top, any -> new ArrayList<>());
                group.computeIfAbsent(key.table(), any -> new ArrayList<>()).add(key);
            }
        }
        List<ConfigKey<?>> keys = new ArrayList<>();
        sorted.values().forEach(group -> group.values().forEach(keys::addAll));
        return List.copyOf(keys);
    }

    private static Map<String, ConfigKey<?>> byName() {
        Map<String, ConfigKey<?>> names = new LinkedHashMap<>();
        for (ConfigKey<?> key : ALL) {
            if (names.put(key.name(), key) != null) {
                throw new IllegalStateException(key.name() + " is declared twice");
            }
        }
        return names;
    }

    /** Returns all keys, table by table. */
    public static List<ConfigKey<?>> all() {
        return ALL;
    }

    /** Returns the key with this name, such as {@code pool.max_connections}. */
    public static Optional<ConfigKey<?>> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static KeyTree tree() {
        return TREE;
    }
}
