package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.config.ConfigException;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.UtlsConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The configuration of a command. */
final class Configurations {

    private Configurations() {}

    /** Returns the loader of what stands around the program, with a file of the command line on top of it. */
    static ConfigLoader standardWith(@Nullable Path file) {
        ConfigLoader standard = ConfigLoader.standard();
        return file == null ? standard : standard.file(file);
    }

    /**
     * Loads the configuration.
     *
     * @throws CliException if anything in it is wrong; its one line says all that is
     */
    static UtlsConfig load(ConfigLoader loader) {
        try {
            return loader.load();
        } catch (ConfigException e) {
            throw CliException.usage(OneLine.of(e), e);
        }
    }
}
