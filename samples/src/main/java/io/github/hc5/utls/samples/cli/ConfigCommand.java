package io.github.hc5.utls.samples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.hc5.utls.config.ConfigException;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.ConfigReference;
import io.github.hc5.utls.config.ConfigValue;
import io.github.hc5.utls.config.UtlsConfig;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utls config}: checks configuration, and shows what is in force. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Check a configuration file, or print the effective configuration.",
            "",
            "Every mistake of a file is one line: file:line:column: key: what is wrong, what must be."
        })
final class ConfigCommand implements Callable<Integer> {

    /** What is asked for. */
    static final class Task {
        @Option(
                names = "--check",
                paramLabel = "FILE",
                required = true,
                description = "Say what is wrong in this file.")
        private @Nullable Path check;

        @Option(
                names = "--show",
                required = true,
                description = "Print each value in force and where it comes from, secrets masked.")
        private boolean show;

        @Option(
                names = "--reference",
                paramLabel = "toml|markdown",
                required = true,
                description = "Print every key there is: config/utls.toml or docs/configuration.md.")
        private @Nullable String reference;
    }

    private final Terminal terminal;

    @ArgGroup(multiplicity = "1")
    private Task task = new Task();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "For --show: this file on top of what stands around the program.")
    private @Nullable Path config;

    @Option(names = "--json", description = "For --show: print one JSON object for each value.")
    private boolean json;

    ConfigCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String reference = task.reference;
        if (reference != null) {
            return printReference(reference);
        }
        Path file = task.check;
        ConfigLoader loader = task.show || file == null
                ? Configurations.standardWith(config)
                : ConfigLoader.empty().file(file);
        UtlsConfig loaded;
        try {
            loaded = loader.load();
        } catch (ConfigException e) {
            e.problems().forEach(terminal.err()::println);
            return ExitStatus.FAILED;
        }
        loaded.warnings().forEach(warning -> terminal.err().println("warning: " + warning));
        if (file != null) {
            terminal.out().println(file + ": ok");
        } else {
            loaded.values().forEach(json ? this::printJson : this::print);
        }
        return ExitStatus.OK;
    }

    private int printReference(String form) {
        switch (form) {
            case "toml" -> terminal.out().print(ConfigReference.toml());
            case "markdown" -> terminal.out().print(ConfigReference.markdown());
            default ->
                throw CliException.usage("--reference: \"" + form + "\" is not allowed, it must be toml or markdown");
        }
        return ExitStatus.OK;
    }

    private void print(ConfigValue value) {
        terminal.out().printf(Locale.ROOT, "%-48s # %s%n", value.name() + " = " + value.text(), value.origin());
    }

    private void printJson(ConfigValue value) {
        ObjectNode object = JsonLines.object();
        object.put("key", value.name());
        object.put("value", value.text());
        object.put("origin", value.origin().toString());
        terminal.out().println(JsonLines.toLine(object));
    }
}
