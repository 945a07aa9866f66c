package io.github.hc5.utls.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One layer of a configuration. Immutable, but for what it reads. */
interface ConfigSource {

    /** Reads the layer anew: tables and values by name. What cannot be read is a problem. */
    Map<String, RawValue> read(Problems problems);

    /** Returns the file that it reads, {@code null} where it reads none. */
    @Nullable
    Path file();
}
