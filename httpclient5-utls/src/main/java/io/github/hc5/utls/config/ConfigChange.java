package io.github.hc5.utls.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value that differs between two configurations.
 *
 * @param key whose value it is
 * @param name the key's name, with what the user named in it
 * @param before the text of the earlier value; {@code null} for none; {@code ***} for a secret
 * @param after the text of the later value; {@code null} for none; {@code ***} for a secret
 * @param origin where the later value is set
 */
public record ConfigChange(
        ConfigKey<?> key,
        String name,
        @Nullable String before,
        @Nullable String after,
        Origin origin) {

    static List<ConfigChange> between(
            Map<Settings.Slot, Settings.Setting> before, Map<Settings.Slot, Settings.Setting> after) {
        Set<Settings.Slot> slots = new LinkedHashSet<>(before.keySet());
        slots.addAll(after.keySet());
        List<ConfigChange> changes = new ArrayList<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            for (Settings.Slot slot : slots) {
                if (slot.key() != key) {
                    continue;
                }
                Object old = value(before.get(slot), key);
                Object young = value(after.get(slot), key);
                if (!Objects.equals(old, young)) {
                    Settings.Setting place = after.get(slot);
                    changes.add(new ConfigChange(
                            key,
                            slot.name(),
                            text(key, old),
                            text(key, young),
                            place == null ? Origin.DEFAULT : place.origin()));
                }
            }
        }
        return changes;
    }

    private static @Nullable Object value(Settings.@Nullable Setting setting, ConfigKey<?> key) {
        return setting == null ? key.defaultValue() : setting.value();
    }

    private static @Nullable String text(ConfigKey<?> key, @Nullable Object value) {
        return value == null ? null : key.isSecret() ? "\"***\"" : key.text(value);
    }

    /** Returns it as a line of a log: {@code pool.max_connections: 100 -> 200 (utls.toml:3:1)}. */
    @Override
    public String toString() {
        return name + ": " + (before == null ? "unset" : before) + " -> " + (after == null ? "unset" : after) + " ("
                + origin + ")" + (key.change() == ConfigKey.Change.RESTART ? ", after a restart" : "");
    }
}
