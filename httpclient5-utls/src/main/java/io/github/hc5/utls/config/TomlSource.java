package io.github.hc5.utls.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/** A layer in TOML. */
record TomlSource(String name, @Nullable Path file, boolean required, Text text) implements ConfigSource {

    private static final long MOST_BYTES = 16L << 20;
    private static final int MOST_NESTED = 64;

    /** Reads the text. */
    interface Text {
        String read() throws IOException;
    }

    static TomlSource ofFile(Path file, boolean required) {
        return new TomlSource(file.toString(), file, required, () -> decoded(file));
    }

    private static String decoded(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("is a folder, must be a file in TOML");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("has " + Files.size(file) + " bytes, must have at most " + MOST_BYTES);
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    @Override
    public Map<String, RawValue> read(Problems problems) {
        Origin start = new Origin(name, 1, 1);
        try {
            return parsed(text.read(), problems);
        } catch (NoSuchFileException e) {
            if (required) {
                problems.add(start, "", "does not exist, must be a file in TOML");
            }
        } catch (AccessDeniedException e) {
            problems.add(start, "", "cannot be read: permission denied, must be a file in TOML");
        } catch (CharacterCodingException e) {
            problems.add(start, "", "is not in UTF-8, must be a file in TOML, which is");
        } catch (IOException e) {
            problems.add(start, "", String.valueOf(e.getMessage()));
        }
        return Map.of();
    }

    /**
     * Some malformed texts make the parser fail in ways it does not document, among them assertions where the process runs
     * with them; and it descends with what is nested, for which no stack is large enough.
     */
    private Map<String, RawValue> parsed(String toml, Problems problems) {
        int deep = deepLine(toml);
        if (deep > 0) {
            problems.add(
                    new Origin(name, deep, 1), "", "bad TOML: nested more than " + MOST_NESTED + " deep, must be less");
            return Map.of();
        }
        TomlParseResult result;
        try {
            result = Toml.parse(toml, TomlVersion.V1_0_0);
        } catch (RuntimeException | AssertionError e) {
            problems.add(new Origin(name, 1, 1), "", "bad TOML: cannot be read at all, must be TOML 1.0");
            return Map.of();
        }
        for (TomlParseError error : result.errors()) {
            problems.add(origin(error.position(), null), "", "bad TOML: " + oneLine(error.getMessage()));
        }
        // what a file has besides its mistakes is read, so that all of them are found at once
        return table(result, new Origin(name, 1, 1));
    }

    /** Returns the line in which brackets are nested too deeply; 0 where they are not. */
    private static int deepLine(String toml) {
        int depth = 0;
        int line = 1;
        for (int i = 0; i < toml.length(); i++) {
            char c = toml.charAt(i);
            line += c == '\n' ? 1 : 0;
            depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            if (depth > MOST_NESTED) {
                return line;
            }
        }
        return 0;
    }

    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).replaceAll("\\s*\\R\\s*", " ");
    }

    private Map<String, RawValue> table(TomlTable table, Origin place) {
        Map<String, RawValue> values = new LinkedHashMap<>();
        for (String key : table.keySet()) {
            List<String> path = List.of(key);
            Object value = table.get(path);
            if (value != null) {
                values.put(key, raw(value, origin(table.inputPositionOf(path), place)));
            }
        }
        return values;
    }

    private RawValue raw(Object value, Origin place) {
        if (value instanceof TomlTable table) {
            return new RawValue(table(table, place), place, false);
        }
        if (value instanceof TomlArray array) {
            List<RawValue> entries = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                entries.add(raw(array.get(i), origin(array.inputPositionOf(i), place)));
            }
            return new RawValue(entries, place, false);
        }
        return new RawValue(value, place, false);
    }

    private Origin origin(@Nullable TomlPosition position, @Nullable Origin otherwise) {
        if (position != null) {
            return new Origin(name, position.line(), position.column());
        }
        return otherwise != null ? otherwise : new Origin(name, 1, 1);
    }
}
