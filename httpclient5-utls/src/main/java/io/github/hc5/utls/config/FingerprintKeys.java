package io.github.hc5.utls.config;

import static io.github.hc5.utls.config.ConfigKey.Change.NEW_CONNECTIONS;
import static io.github.hc5.utls.config.ConfigKey.Change.RESTART;

import io.github.hc5.utls.http.HeaderMode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The keys of {@code [fingerprint]} and {@code [headers]}. */
final class FingerprintKeys {

    private FingerprintKeys() {}

    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>(fingerprint());
        keys.addAll(headers());
        return keys;
    }

    private static List<ConfigKey<?>> fingerprint() {
        return new KeyTable("fingerprint")
                .key(
                        "profile",
                        ValueType.text("the name or alias of a profile, such as \"chrome\" or \"firefox-153\""),
                        c -> c.fingerprint().profile(),
                        (d, v) -> d.fingerprint.profile = v,
                        NEW_CONNECTIONS,
                        "The browser that connections show under policy \"fixed\".")
                .key(
                        "policy",
                        ValueType.choice(FingerprintSettings.Policy.class),
                        c -> c.fingerprint().policy(),
                        (d, v) -> d.fingerprint.policy = v,
                        NEW_CONNECTIONS,
                        "Who gets which browser: all the same, each host its own, each connection, or what a key says.")
                .each(
                        "shares.<profile>",
                        ValueType.number(0.000001, 1e9),
                        (d, profile, v) -> d.fingerprint.shares.put(profile, v),
                        NEW_CONNECTIONS,
                        "2.5",
                        "Weight of a browser under the other policies; none: the shares of real users.")
                .optional(
                        "seed",
                        ValueType.longInteger(Long.MIN_VALUE, Long.MAX_VALUE),
                        (d, v) -> d.fingerprint.seed = v,
                        NEW_CONNECTIONS,
                        "1",
                        "With the same seed a host sees the same browser after a restart (policy \"per_host\").")
                .optional(
                        "key",
                        ValueType.text("a string that is not empty"),
                        (d, v) -> d.fingerprint.key = v,
                        NEW_CONNECTIONS,
                        "\"account-1\"",
                        "What shows one and the same browser everywhere (policy \"per_key\").")
                .optional(
                        "folder",
                        ValueType.file(
                                "a folder with profiles in TOML",
                                path -> Files.isDirectory(path) ? null : "\"" + path + "\" is not a folder"),
                        (d, v) -> d.fingerprint.folder = v,
                        NEW_CONNECTIONS,
                        "\"profiles\"",
                        "Profiles of one's own.")
                .keys();
    }

    private static List<ConfigKey<?>> headers() {
        return new KeyTable("headers")
                .key(
                        "mode",
                        ValueType.choice(HeaderMode.class),
                        c -> c.headers().mode(),
                        (d, v) -> d.headers.mode = v,
                        RESTART,
                        "As the browser's, only what is missing, or not at all.")
                .key(
                        "accept_language",
                        ValueType.text(
                                "\"profile\", \"random\" or a value such as \"de-DE,de;q=0.9\"",
                                text -> text.matches("[A-Za-z0-9*,;=.\\- ]{1,200}") ? null : ""),
                        c -> c.headers().acceptLanguage(),
                        (d, v) -> d.headers.acceptLanguage = v,
                        RESTART,
                        "The profile's own, one drawn for each connection, or a value.")
                .keys();
    }
}
