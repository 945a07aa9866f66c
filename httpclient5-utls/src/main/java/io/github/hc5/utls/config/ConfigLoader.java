package io.github.hc5.utls.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Loads a configuration from layers, each of which overrides those before it key by key; a list or a duration is one value.
 * Below all stand the built-in defaults, and above them the preset, if any layer names one. Immutable: what adds a layer
 * returns another loader.
 *
 * <p>Everything wrong in all layers is said by one {@link ConfigException}: unknown keys, types, ranges, combinations, and
 * files that cannot be read.
 */
public final class ConfigLoader {

    /** The system property that names a file. */
    public static final String FILE_PROPERTY = "utls.config";

    /** The environment variable that names a file where the property does not. */
    public static final String FILE_VARIABLE = "UTLS_CONFIG";

    private final List<ConfigSource> sources;

    private ConfigLoader(List<ConfigSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** Returns a loader without layers. */
    public static ConfigLoader empty() {
        return new ConfigLoader(List.of());
    }

    /**
     * Returns the loader of what stands around a program, the lowest first: {@code config/utls.toml} and {@code utls.toml} in
     * the working directory, where they exist; the file named by the system property {@value #FILE_PROPERTY} or the
     * environment variable {@value #FILE_VARIABLE}; the environment.
     */
    public static ConfigLoader standard() {
        return standard(Path.of(""), System.getProperty(FILE_PROPERTY), System.getenv());
    }

    static ConfigLoader standard(Path folder, @Nullable String property, Map<String, String> environment) {
        ConfigLoader loader =
                empty().fileIfPresent(folder.resolve("config/utls.toml")).fileIfPresent(folder.resolve("utls.toml"));
        String named = property != null ? property : environment.get(FILE_VARIABLE);
        if (named != null && !named.isBlank()) {
            loader = loader.file(folder.resolve(named));
        }
        return loader.environment(environment);
    }

    /** Adds a file, which must be there. */
    public ConfigLoader file(Path file) {
        return with(TomlSource.ofFile(file, true));
    }

    /** Adds a file, if it is there when it is read. */
    public ConfigLoader fileIfPresent(Path file) {
        return with(TomlSource.ofFile(file, false));
    }

    /**
     * Adds TOML.
     *
     * @param name by which messages call it
     */
    public ConfigLoader text(String name, String toml) {
        return with(new TomlSource(name, null, true, () -> toml));
    }

    /**
     * Adds values.
     *
     * @param name by which messages call their source
     * @param values by dotted names such as {@code pool.max_connections} or {@code tls.pins.www.example.com}, or in maps of
     *     maps; hyphens in names stand for underscores. Texts are taken for numbers, booleans, or lists with commas, where
     *     the key has such
     */
    public ConfigLoader values(String name, Map<String, ?> values) {
        return with(new MapSource(name, values));
    }

    /** Adds environment variables: see {@link ConfigKey#environmentName()}. */
    public ConfigLoader environment(Map<String, String> variables) {
        return with(new EnvironmentSource(variables));
    }

    private ConfigLoader with(ConfigSource source) {
        List<ConfigSource> more = new ArrayList<>(sources);
        more.add(source);
        return new ConfigLoader(more);
    }

    /** Returns the files among the layers, those that are not there included. */
    public List<Path> files() {
        return sources.stream().map(ConfigSource::file).filter(Objects::nonNull).toList();
    }

    /** Returns what the files hold now, as digests. */
    List<String> contents() {
        List<String> contents = new ArrayList<>();
        for (Path file : files()) {
            try {
                contents.add(new String(digest().digest(Files.readAllBytes(file)), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                contents.add(e.getClass().getName());
            }
        }
        return contents;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Reads all layers.
     *
     * @throws ConfigException if anything is wrong
     */
    public UtlsConfig load() {
        List<String> contents = contents();
        Problems problems = new Problems();
        Settings settings = new Settings();
        for (ConfigSource source : sources) {
            settings.add(source.read(problems), problems);
        }
        Settings.Setting preset = settings.get("preset");
        if (preset != null) {
            Settings lower = new Settings();
            lower.add(((Preset) preset.value()).source().read(problems), problems);
            settings.addBelow(lower);
        }
        List<String> warnings = new ConfigRules(settings, problems).check();
        ConfigDraft draft = new ConfigDraft();
        draft.contents = contents;
        settings.all()
                .forEach((slot, setting) -> problems.build(setting.origin(), slot.name(), () -> {
                    slot.key().set(draft, slot.argument(), setting.value());
                    return true;
                }));
        new ConfigChecks(draft, settings, problems).check();
        problems.throwIfAny();
        UtlsConfig config = problems.build(
                Origin.of("configuration"), "", () -> new UtlsConfig(draft, settings, settings.values(), warnings));
        problems.throwIfAny();
        return Objects.requireNonNull(config);
    }
}
