package io.github.hc5.utls.spring;

import io.github.hc5.utls.config.ConfigException;
import io.github.hc5.utls.config.ConfigKey;
import io.github.hc5.utls.config.ConfigKeys;
import io.github.hc5.utls.config.ConfigKind;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.UtlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * The properties below {@code httpclient5.utls}, sorted by pool. Which there are says the library's own table of keys, and
 * its loader reads them; this only finds out which key a property means. A value that one source has is not looked for in
 * those below it, a list as a whole. Immutable once read.
 */
final class PoolProperties {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(KeyNames.PREFIX);
    private static final String POOLS = "pools";

    /** What is ours and no key of the library. */
    private static final Set<String> OWN = Set.of("enabled", "imperative", "reactive", "config", "environment");

    /**
     * A value and where it was set.
     *
     * @param property its name in full
     */
    record Value(Object value, String property, @Nullable Origin origin) {}

    private final Environment environment;
    private final PropertySourcesPlaceholdersResolver placeholders;
    private final Map<String, Map<String, Value>> pools = new LinkedHashMap<>();

    private PoolProperties(Environment environment) {
        this.environment = environment;
        this.placeholders = new PropertySourcesPlaceholdersResolver(environment);
        pools.put(UtlsPools.DEFAULT, new LinkedHashMap<>());
    }

    static PoolProperties of(Environment environment) {
        PoolProperties properties = new PoolProperties(environment);
        Set<String> known = new HashSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            properties.read(source, known);
            properties.pools.forEach((pool, values) -> values.keySet().forEach(key -> known.add(pool + ":" + key)));
        }
        return properties;
    }

    /** Returns the names of all pools, the default first. */
    Set<String> names() {
        return pools.keySet();
    }

    /** Returns the names of all pools but the default. */
    List<String> named() {
        return names().stream().filter(name -> !name.equals(UtlsPools.DEFAULT)).toList();
    }

    private void read(ConfigurationPropertySource source, Set<String> known) {
        if (source instanceof IterableConfigurationPropertySource iterable) {
            try (Stream<ConfigurationPropertyName> names = iterable.stream()) {
                names.filter(ROOT::isAncestorOf).sorted().forEach(name -> add(source, name, known));
            }
        } else {
            // it can only be asked: for what the default pool may have
            for (ConfigKey<?> key : ConfigKeys.all()) {
                if (!key.isPattern()) {
                    add(source, ConfigurationPropertyName.of(KeyNames.property(key.name())), known);
                }
            }
        }
    }

    private void add(ConfigurationPropertySource source, ConfigurationPropertyName name, Set<String> known) {
        List<String> elements = new ArrayList<>();
        for (int i = ROOT.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
            elements.add(name.getElement(i, Form.ORIGINAL));
        }
        String pool = UtlsPools.DEFAULT;
        if (elements.get(0).equalsIgnoreCase(POOLS) && elements.size() > 2) {
            pool = elements.get(1).toLowerCase(Locale.ROOT);
            elements.subList(0, 2).clear();
        } else if (isOwn(elements)) {
            return;
        }
        boolean indexed = name.isLastElementIndexed() && name.isNumericIndex(name.getNumberOfElements() - 1);
        if (indexed && elements.size() > 1) {
            elements.remove(elements.size() - 1);
        }
        ConfigurationProperty property = source.getConfigurationProperty(name);
        if (property == null) {
            return;
        }
        boolean joined = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
        KeyNames.Found found = KeyNames.find(elements, joined);
        if (known.contains(pool + ":" + found.name())) {
            return;
        }
        Object value = placeholders.resolvePlaceholders(property.getValue());
        if (value == null) {
            return;
        }
        Map<String, Value> values = pools.computeIfAbsent(pool, any -> new LinkedHashMap<>());
        if (indexed && isList(found.key())) {
            values.merge(
                    found.name(),
                    new Value(List.of(value), String.valueOf(name.getParent()), property.getOrigin()),
                    (first, next) -> new Value(
                            Stream.concat(((List<?>) first.value()).stream(), Stream.of(value))
                                    .toList(),
                            first.property(),
                            first.origin()));
        } else {
            values.putIfAbsent(found.name(), new Value(value, name.toString(), property.getOrigin()));
        }
    }

    private static boolean isOwn(List<String> elements) {
        String first = elements.get(0).toLowerCase(Locale.ROOT);
        boolean mail = first.equals("alerts")
                && elements.size() > 1
                && elements.get(1).toLowerCase(Locale.ROOT).equals(MailAlerts.NAME);
        return mail || OWN.contains(first);
    }

    private static boolean isList(@Nullable ConfigKey<?> key) {
        return key != null && (key.kind() == ConfigKind.TEXTS || key.kind() == ConfigKind.INTEGERS);
    }

    /**
     * A pool's configuration and what it was read with.
     *
     * @param loader reads it anew where the file among its layers has changed
     */
    record Loaded(UtlsConfig config, ConfigLoader loader) {}

    /**
     * Returns the configuration of a pool: of the file that {@code httpclient5.utls.config} names, overridden by the
     * environment variables of the library where {@code httpclient5.utls.environment} asks for them, by the properties of
     * the default pool, and by its own.
     *
     * @throws InvalidPoolPropertiesException if anything is wrong
     */
    Loaded load(String pool, ResourceLoader resources) {
        ConfigLoader loader = ConfigLoader.empty();
        String file = environment.getProperty(KeyNames.PREFIX + ".config");
        if (file != null && !file.isBlank()) {
            loader = withFile(loader, resources, file);
        }
        if (environment.getProperty(KeyNames.PREFIX + ".environment", Boolean.class, false)) {
            loader = loader.environment(System.getenv());
        }
        Map<String, Value> values = values(pool);
        Map<String, Object> plain = new LinkedHashMap<>();
        values.forEach((name, value) -> plain.put(name, value.value()));
        loader = loader.values(KeyNames.PREFIX, plain);
        try {
            return new Loaded(loader.load(), loader);
        } catch (ConfigException e) {
            throw new InvalidPoolPropertiesException(pool, e, values);
        }
    }

    private Map<String, Value> values(String pool) {
        Map<String, Value> values = new LinkedHashMap<>(pools.getOrDefault(UtlsPools.DEFAULT, Map.of()));
        if (!pool.equals(UtlsPools.DEFAULT)) {
            // those are the default pool's to open
            values.keySet().removeIf(name -> name.startsWith("prewarm.hosts"));
        }
        values.putAll(pools.getOrDefault(pool, Map.of()));
        return values;
    }

    /** A file is followed while the application runs; what stands inside an archive or elsewhere does not change. */
    private static ConfigLoader withFile(ConfigLoader loader, ResourceLoader resources, String location) {
        try {
            // a plain path is a file, not a resource of the class path
            String url = location.matches("[a-z]{2,}:.*") ? location : "file:" + location;
            Resource resource = resources.getResource(url);
            String text = resource.getContentAsString(StandardCharsets.UTF_8);
            return resource.isFile() ? loader.file(resource.getFile().toPath()) : loader.text(location, text);
        } catch (IOException e) {
            throw new InvalidConfigFileException(location, e);
        }
    }
}
