package io.github.hc5.utls.samples.crawler;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads TOML wherever Spring Boot reads YAML, so that one file has the service's settings in {@code [crawler]} and the
 * pool's in {@code [httpclient5.utls.pool]} and so on. Values keep their line and column, which the messages about wrong
 * ones name.
 */
public final class TomlPropertySourceLoader implements PropertySourceLoader {

    @Override
    public String[] getFileExtensions() {
        return new String[] {"toml"};
    }

    /**
     * Reads a file.
     *
     * @throws TomlException if it is not TOML; the message lists every error with its line and column
     */
    @Override
    public List<PropertySource<?>> load(String name, Resource resource) throws IOException {
        TomlParseResult toml;
        try (InputStream in = resource.getInputStream()) {
            toml = Toml.parse(in);
        }
        if (toml.hasErrors()) {
            throw new TomlException(toml.errors().stream()
                    .map(e -> resource.getDescription() + ":" + e.position().line() + ":"
                            + e.position().column() + ": " + e.getMessage())
                    .collect(Collectors.joining("\n")));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        table("", toml, resource, values);
        return values.isEmpty() ? List.of() : List.of(new OriginTrackedMapPropertySource(name, values, true));
    }

    private static void table(String prefix, TomlTable table, Resource resource, Map<String, Object> values) {
        for (String key : table.keySet()) {
            List<String> path = List.of(key);
            value(prefix + key, table.get(path), table.inputPositionOf(path), resource, values);
        }
    }

    private static void value(
            String name, Object value, TomlPosition position, Resource resource, Map<String, Object> values) {
        if (value instanceof TomlTable table) {
            table(name + ".", table, resource, values);
        } else if (value instanceof TomlArray array) {
            for (int i = 0; i < array.size(); i++) {
                value(name + "[" + i + "]", array.get(i), array.inputPositionOf(i), resource, values);
            }
            if (array.isEmpty()) {
                values.put(name, "");
            }
        } else {
            // Spring counts lines and columns from 0
            TextResourceOrigin.Location at =
                    new TextResourceOrigin.Location(position.line() - 1, position.column() - 1);
            values.put(name, OriginTrackedValue.of(value, new TextResourceOrigin(resource, at)));
        }
    }
}
