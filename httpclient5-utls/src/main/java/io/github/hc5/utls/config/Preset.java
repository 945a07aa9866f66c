package io.github.hc5.utls.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Values for a purpose. Each is a file of the library, which is in the folder {@code config/presets} of the sources. */
public enum Preset {
    /** Many requests to many hosts at once. */
    HIGH_CONCURRENCY,
    /** Programs that run for days, at a moderate rate. */
    LONG_RUNNING,
    /** A service that calls others for its own callers. */
    SERVICE,
    /** As many requests as possible. */
    THROUGHPUT,
    /** Crawling that does not weigh on anybody. */
    POLITE,
    /** A request now and then. */
    LOW_FREQUENCY;

    /** Returns the name that a configuration has for it, such as {@code high-concurrency}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the configuration with the values of this preset and nothing else. */
    public UtlsConfig config() {
        return ConfigLoader.empty()
                .text("Preset." + name(), "preset = \"" + this + "\"")
                .load();
    }

    ConfigSource source() {
        return new TomlSource("preset " + this, null, true, () -> text("presets/" + this + ".toml"));
    }

    private static String text(String resource) {
        try (InputStream in = Preset.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the library lacks its resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
