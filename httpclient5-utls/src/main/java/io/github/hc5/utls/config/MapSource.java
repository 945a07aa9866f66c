package io.github.hc5.utls.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A layer of values by dotted names, or of maps within maps. Values may be texts, as where they come from property files;
 * names may have hyphens for underscores, and an index in brackets for each entry of a list.
 */
record MapSource(String name, Map<String, ?> values) implements ConfigSource {

    private static final Pattern INDEXED = Pattern.compile("(.*)\\[(\\d{1,6})]");

    MapSource {
        values = new LinkedHashMap<>(values);
    }

    @Override
    public @Nullable Path file() {
        return null;
    }

    @Override
    public Map<String, RawValue> read(Problems problems) {
        Map<String, Object> joined = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            Matcher indexed = INDEXED.matcher(name);
            if (indexed.matches() && isList(indexed.group(1))) {
                entriesOf(joined, indexed.group(1)).add(value);
            } else {
                joined.put(name, value);
            }
        });
        Map<String, RawValue> root = new LinkedHashMap<>();
        joined.forEach((name, value) -> put(root, ConfigKeys.tree().split(name), value));
        return root;
    }

    private static boolean isList(String name) {
        ConfigKey<?> key = ConfigKeys.tree().find(ConfigKeys.tree().split(name));
        return key != null && (key.kind() == ConfigKind.TEXTS || key.kind() == ConfigKind.INTEGERS);
    }

    @SuppressWarnings("unchecked") // only lists made here stand under such names
    private static List<Object> entriesOf(Map<String, Object> joined, String name) {
        return (List<Object>) joined.computeIfAbsent(name, any -> new ArrayList<>());
    }

    private void put(Map<String, RawValue> root, List<String> path, @Nullable Object value) {
        Map<String, RawValue> table = root;
        for (String segment : path.subList(0, path.size() - 1)) {
            RawValue known = table.get(segment);
            if (known == null || !known.isMap()) {
                known = new RawValue(new LinkedHashMap<String, RawValue>(), Origin.of(name), true);
                table.put(segment, known);
            }
            table = known.map();
        }
        String last = path.get(path.size() - 1);
        RawValue added = raw(value);
        RawValue known = table.get(last);
        if (known != null && known.isMap() && added.isMap()) {
            known.map().putAll(added.map());
        } else {
            table.put(last, added);
        }
    }

    private RawValue raw(@Nullable Object value) {
        Object plain = value;
        if (value instanceof Map<?, ?> map) {
            Map<String, RawValue> entries = new LinkedHashMap<>();
            map.forEach((key, entry) -> entries.put(String.valueOf(key), raw(entry)));
            plain = entries;
        } else if (value instanceof Collection<?> list) {
            plain = list.stream().map(this::raw).toList();
        } else if (value instanceof Object[] array) {
            plain = List.of(array).stream().map(this::raw).toList();
        } else if (value instanceof CharSequence || value instanceof Enum<?>) {
            plain = value.toString();
        }
        return new RawValue(plain, Origin.of(name), true);
    }
}
