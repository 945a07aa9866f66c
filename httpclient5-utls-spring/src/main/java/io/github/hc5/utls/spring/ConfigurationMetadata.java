package io.github.hc5.utls.spring;

import io.github.hc5.utls.config.ConfigKey;
import io.github.hc5.utls.config.ConfigKeys;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The description of our properties that development environments complete and check by, written from the library's table
 * of keys when this module is built, so that there is no second list of them. Not of use to applications.
 */
public final class ConfigurationMetadata {

    private final List<String> properties = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();

    private ConfigurationMetadata() {}

    /** Writes the file that the argument names. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, new ConfigurationMetadata().json(), StandardCharsets.UTF_8);
    }

    private String json() {
        own("enabled", "java.lang.Boolean", "Whether there are pools at all.", "true");
        own("imperative.enabled", "java.lang.Boolean", "Whether RestTemplate and RestClient use the pool.", "true");
        own("reactive.enabled", "java.lang.Boolean", "Whether WebClient uses the pool.", "true");
        own("config", "java.lang.String", "A TOML file of the library's own form, which properties override.", null);
        own(
                "environment",
                "java.lang.Boolean",
                "Whether the library's own environment variables (UTLS_...) are read.",
                "false");
        own(
                "pools",
                "java.util.Map<java.lang.String,java.util.Map<java.lang.String,java.lang.Object>>",
                "Further pools by name, each with what differs from the default pool.",
                null);
        own(
                "alerts.mail.to",
                "java.util.List<java.lang.String>",
                "Who is told by the action mail of alerts. Must be e-mail addresses; needs a MailSender.",
                null);
        own(
                "alerts.mail.from",
                "java.lang.String",
                "Whom such mails are from. Must be an e-mail address. By default spring.mail.username, if that is one.",
                null);
        for (ConfigKey<?> key : ConfigKeys.all()) {
            add(key);
        }
        return "{\n  \"groups\": [\n    " + object(Map.of("name", text(KeyNames.PREFIX)))
                + "\n  ],\n  \"properties\": [\n    " + String.join(",\n    ", properties)
                + "\n  ],\n  \"hints\": [\n    " + String.join(",\n    ", hints) + "\n  ]\n}\n";
    }

    private void own(String name, String type, String description, @Nullable String defaultValue) {
        property(KeyNames.PREFIX + "." + name, type, description, defaultValue);
    }

    private void add(ConfigKey<?> key) {
        String name = KeyNames.property(key.name());
        String description = sentence(key);
        if (key.isPattern()) {
            int at = name.indexOf(".<");
            boolean leaf = name.indexOf('.', at + 1) < 0;
            property(
                    name.substring(0, at),
                    leaf
                            ? "java.util.Map<java.lang.String," + type(key) + ">"
                            : "java.util.Map<java.lang.String,java.util.Map<java.lang.String,java.lang.Object>>",
                    leaf ? description : "By what stands for <" + key.name().replaceAll(".*<|>.*", "") + ">.",
                    null);
            return;
        }
        property(name, type(key), description, defaultOf(key));
        if (!key.choices().isEmpty()) {
            hint(name, key.choices(), false);
        } else if (key.name().equals("fingerprint.profile")) {
            Set<String> profiles = new LinkedHashSet<>(BrowserProfiles.aliases().keySet());
            profiles.addAll(BrowserProfiles.names());
            hint(name, List.copyOf(profiles), true);
        }
    }

    private static String sentence(ConfigKey<?> key) {
        String unit = key.unit().isEmpty() ? "" : " In " + key.unit() + " where no unit is given.";
        return key.comment() + unit + " Must be " + key.allowed() + ".";
    }

    private void property(String name, String type, String description, @Nullable String defaultValue) {
        if (!names.add(name)) {
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", text(name));
        fields.put("type", text(type));
        fields.put("description", text(description));
        if (defaultValue != null) {
            fields.put("defaultValue", defaultValue);
        }
        properties.add(object(fields));
    }

    /** @param open whether other values are right as well */
    private void hint(String name, List<String> values, boolean open) {
        List<String> each = values.stream()
                .map(value -> object(Map.of("value", text(value))))
                .toList();
        hints.add("{\"name\": " + text(name) + ", \"values\": [" + String.join(", ", each) + "]"
                + (open ? ", \"providers\": [{\"name\": \"any\"}]" : "") + "}");
    }

    private static String type(ConfigKey<?> key) {
        return switch (key.kind()) {
            case INTEGER -> "java.lang.Long";
            case NUMBER -> "java.lang.Double";
            case BOOLEAN -> "java.lang.Boolean";
            case DURATION -> "java.time.Duration";
            case FILE, TEXT, CHOICE -> "java.lang.String";
            case INTEGERS -> "java.util.List<java.lang.Integer>";
            case TEXTS -> "java.util.List<java.lang.String>";
        };
    }

    /** The form of a file is JSON's, but for whole seconds, which here have their unit. */
    private static @Nullable String defaultOf(ConfigKey<?> key) {
        String value = key.defaultText();
        if (value == null) {
            return null;
        }
        return value.matches("\\d+") && key.unit().equals("seconds") ? text(value + "s") : value;
    }

    private static String object(Map<String, String> fields) {
        List<String> each = new ArrayList<>();
        fields.forEach((name, value) -> each.add(text(name) + ": " + value));
        return "{" + String.join(", ", each) + "}";
    }

    private static String text(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
