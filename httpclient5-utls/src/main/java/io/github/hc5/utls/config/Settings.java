package io.github.hc5.utls.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the layers set, key by key: a higher one replaces what a lower one has. Not thread-safe. */
final class Settings {

    /** A key, and what the user named in it. */
    record Slot(ConfigKey<?> key, String argument) {
        String name() {
            return key.nameWith(argument);
        }
    }

    /** A value and where it stands. */
    record Setting(Object value, Origin origin) {}

    private final Map<Slot, Setting> set = new LinkedHashMap<>();

    /** Takes over a layer. */
    void add(Map<String, RawValue> layer, Problems problems) {
        add(layer, ConfigKeys.tree(), "", "", problems);
    }

    private void add(Map<String, RawValue> table, KeyTree node, String path, String argument, Problems problems) {
        table.forEach((name, raw) -> {
            KeyTree below = node.under(name);
            String fullName = path + (path.isEmpty() ? "" : ".") + quotedIfNeeded(name);
            if (below == null) {
                unknown(node, path, name, fullName, raw.origin(), problems);
                return;
            }
            String named = node.isFree(name) ? name : argument;
            ConfigKey<?> key = below.key();
            if (key != null) {
                read(key, named, fullName, raw, problems);
            } else if (raw.isMap()) {
                add(raw.map(), below, fullName, named, problems);
            } else {
                problems.add(raw.origin(), fullName, "is " + raw.kind() + ", must be a table");
            }
        });
    }

    private static String quotedIfNeeded(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : ValueType.quoted(name);
    }

    private static void unknown(
            KeyTree node, String path, String name, String fullName, Origin origin, Problems problems) {
        String prefix = path.isEmpty() ? "" : path + ".";
        Optional<String> near = NearestKeys.to(name, node.names()).map(n -> prefix + n);
        if (near.isEmpty()) {
            // a key that stands in the wrong table
            near = ConfigKeys.all().stream()
                    .filter(key -> key.shortName().equals(name) && !key.isPattern())
                    .map(ConfigKey::name)
                    .findFirst();
        }
        problems.add(
                origin,
                fullName,
                "unknown key"
                        + near.map(n -> ", did you mean " + n + "?")
                                .orElseGet(() -> ", must be one of " + String.join(", ", node.names())));
    }

    private <T> void read(ConfigKey<T> key, String argument, String name, RawValue raw, Problems problems) {
        T value = key.type().read(raw, key.isSecret(), (place, problem) -> problems.add(place, name, problem));
        if (value != null) {
            Slot slot = new Slot(key, argument);
            set.remove(slot);
            set.put(slot, new Setting(value, raw.origin()));
        }
    }

    /** Takes over what a lower layer has and nobody else set. */
    void addBelow(Settings lower) {
        lower.set.forEach((slot, setting) -> set.putIfAbsent(slot, new Setting(setting.value(), setting.origin())));
    }

    @Nullable
    Setting get(String name) {
        return ConfigKeys.find(name).map(key -> set.get(new Slot(key, ""))).orElse(null);
    }

    /** Sets what nobody has set. */
    void put(String name, Object value, Origin origin) {
        set.put(new Slot(ConfigKeys.find(name).orElseThrow(), ""), new Setting(value, origin));
    }

    Map<Slot, Setting> copy() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(set));
    }

    Map<Slot, Setting> all() {
        return set;
    }

    /** Returns the values in force in the order of the keys. */
    List<ConfigValue> values() {
        List<ConfigValue> values = new ArrayList<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            boolean[] any = new boolean[1];
            set.forEach((slot, setting) -> {
                if (slot.key() == key) {
                    any[0] = true;
                    String text = key.isSecret() ? "\"***\"" : key.text(setting.value());
                    values.add(new ConfigValue(key, slot.name(), text, setting.origin()));
                }
            });
            String text = key.defaultText();
            if (!any[0] && text != null) {
                values.add(new ConfigValue(key, key.name(), text, Origin.DEFAULT));
            }
        }
        return values;
    }
}
