package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.AT_ONCE;

import java.util.List;

/** The keys that stand before the first table. */
final class RootKeys {

    private RootKeys() {}

    static List<ConfigKey<?>> keys() {
        return new KeyTable("")
                .optional(
                        "preset",
                        ValueType.choice(Preset.class),
                        (d, v) -> d.preset = v.toString(),
                        AT_ONCE,
                        "\"service\"",
                        "Values for a purpose, in place of the defaults; what is set anywhere wins.")
                .keys();
    }
}
