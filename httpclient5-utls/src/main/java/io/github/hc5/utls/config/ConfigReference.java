package io.github.hc5.utls.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what there is to configure, from the table of keys: the file {@code config/utls.toml}, and its page. */
public final class ConfigReference {

    /** What stands in examples for the part of a name that is the user's to choose. */
    private static final Map<String, String> EXAMPLES = Map.of(
            "<hosts>", "*.example.com",
            "<host>", "www.example.com",
            "<profile>", "chrome",
            "<address>", "192.0.2.1",
            "<url>", "http://proxy1.example.com:3128",
            "<name>", "many-waiting");

    private ConfigReference() {}

    /** Returns a file with every key, each set to its default or an example, and commented out. */
    public static String toml() {
        StringBuilder text = new StringBuilder("""
            # Every key of httpclient5-utls. Those with a default stand here with it, the others with an example; all are
            # commented out, so that presets count. Durations are whole seconds, or strings with a unit: "500ms", "30s",
            # "5m", "2h", "1d". "now": a change of the file takes effect at once; "new": on new connections; "start":
            # when the program starts again. docs/configuration.md says more.
            """);
        String table = "";
        for (ConfigKey<?> key : ConfigKeys.all()) {
            if (!key.table().equals(table)) {
                table = key.table();
                text.append("\n[").append(header(table)).append("]\n");
            }
            text.append("\n# ").append(key.comment()).append('\n');
            text.append("# ").append(facts(key)).append('\n');
            text.append('#')
                    .append(key.isPattern() && key.shortName().startsWith("<") ? exampleName(key) : key.shortName())
                    .append(" = ")
                    .append(key.example())
                    .append('\n');
        }
        return text.toString();
    }

    private static String facts(ConfigKey<?> key) {
        String change = switch (key.change()) {
            case AT_ONCE -> "now";
            case NEW_CONNECTIONS -> "new";
            case RESTART -> "start";
        };
        String text = key.allowed().replace(", as whole seconds or a string with a unit (" + Durations.UNITS + ")", "");
        return upper(text) + "; " + (key.defaultText() == null ? "no default" : "default " + key.defaultText()) + "; "
                + change + ".";
    }

    private static String header(String table) {
        List<String> parts = new ArrayList<>();
        for (String segment : table.split("\\.", -1)) {
            parts.add(segment.startsWith("<") ? example(segment) : segment);
        }
        return String.join(".", parts);
    }

    private static String exampleName(ConfigKey<?> key) {
        return key.table().equals("prewarm.hosts") ? "\"https://www.example.com\"" : example(key.shortName());
    }

    private static String example(String placeholder) {
        String text = EXAMPLES.getOrDefault(placeholder, placeholder);
        return text.matches("[A-Za-z0-9_-]+") ? text : '"' + text + '"';
    }

    private static String upper(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Returns the page {@code docs/configuration.md}. */
    public static String markdown() {
        StringBuilder text = new StringBuilder("""
            # Configuration

            <!-- written by `utls config --reference markdown`; a test compares -->

            Without a line of code: a client made by `Utls.asyncClient()`, `Utls.classicClient()` or
            `Utls.connectionManager()` takes its settings from layers, each of which overrides those before it key by key:

            1. the defaults below, or the values of a `preset`
            2. `config/utls.toml`, then `utls.toml`, in the working directory, where they exist
            3. the file named by the system property `utls.config` or the environment variable `UTLS_CONFIG`
            4. the environment: `UTLS_` and the key in capitals with underscores for dots (`UTLS_POOL_MAX_CONNECTIONS`); for
               the keys of `[pool]` the bare name, too (`MAX_CONNECTIONS`), which the prefixed one overrides

            In the environment a list may be written with commas, and a table whose names are yours to choose (as
            `UTLS_TLS_PINS`) is an inline table of TOML. File names are relative to the working directory.

            Everything wrong is said at once, each mistake as `file:line:column: key: what is wrong, what must be`, and the
            start is refused. `utls config --check FILE` says it beforehand, `utls config --show` prints the values in force
            with the origin of each, secrets masked. [config/utls.toml](../config/utls.toml) has every key.

            The files are looked at every `reload.interval`. A changed configuration is read and checked as a whole and then
            takes the place of the one before; a wrong one is reported, and the one before stays. When a key follows its
            file is in the last column: *now*; *new*: on connections opened from then on; *start*: after the next start,
            which the log says.

            ## Presets

            `preset = "service"` takes the place of the defaults; what any layer sets wins over it.

            """);
        Map<Preset, Map<String, String>> presets = new EnumMap<>(Preset.class);
        for (Preset preset : Preset.values()) {
            presets.put(preset, presetValues(preset));
        }
        List<String> columns = columnsOf(presets.values());
        text.append("| preset | ")
                .append(String.join(" | ", columns).replace("pool.", ""))
                .append(" |\n|---|")
                .append("---:|".repeat(columns.size()))
                .append('\n');
        presets.forEach((preset, values) -> {
            text.append("| `").append(preset).append("` |");
            columns.forEach(column ->
                    text.append(' ').append(values.getOrDefault(column, "")).append(" |"));
            text.append('\n');
        });
        String table = null;
        for (ConfigKey<?> key : ConfigKeys.all()) {
            String top = key.name().contains(".")
                    ? key.name().substring(0, key.name().indexOf('.'))
                    : "";
            if (!top.equals(table)) {
                table = top;
                text.append("\n## ")
                        .append(top.isEmpty() ? "Before the first table" : "[" + top + "]")
                        .append("\n\n| key | what it is | values | default | changes |\n|---|---|---|---|---|\n");
            }
            text.append(row(key, top));
        }
        return text.toString();
    }

    private static List<String> columnsOf(Collection<Map<String, String>> presets) {
        return ConfigKeys.all().stream()
                .map(ConfigKey::name)
                .filter(name -> presets.stream().anyMatch(values -> values.containsKey(name)))
                .toList();
    }

    private static Map<String, String> presetValues(Preset preset) {
        Map<String, String> values = new LinkedHashMap<>();
        for (ConfigValue value : preset.config().values()) {
            if (value.origin().source().startsWith("preset ")) {
                values.put(value.name(), value.text());
            }
        }
        return values;
    }

    private static String row(ConfigKey<?> key, String top) {
        String name = top.isEmpty() ? key.name() : key.name().substring(top.length() + 1);
        String change = switch (key.change()) {
            case AT_ONCE -> "now";
            case NEW_CONNECTIONS -> "new";
            case RESTART -> "start";
        };
        return "| `" + name + "` | " + cell(key.comment()) + " | " + cell(upper(shortAllowed(key))) + " | "
                + code(key.defaultText()) + " | " + change + " |\n";
    }

    private static String shortAllowed(ConfigKey<?> key) {
        return key.allowed().replace(", as whole seconds or a string with a unit (" + Durations.UNITS + ")", "");
    }

    private static String code(@Nullable String text) {
        return text == null ? "" : "`" + text.replace("|", "\\|") + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
