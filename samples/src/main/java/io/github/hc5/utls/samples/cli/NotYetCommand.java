package io.github.hc5.utls.samples.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command that the contract of the command line names and a later version brings: it says so, with exit status 2. */
final class NotYetCommand implements Callable<Integer> {

    private final String name;
    private final String description;

    private NotYetCommand(String name, String description) {
        this.name = name;
        this.description = description;
    }

    static List<NotYetCommand> all() {
        return List.of(
                new NotYetCommand("config", "Check a configuration file, or print the effective configuration."));
    }

    CommandLine commandLine() {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name(name).mixinStandardHelpOptions(true);
        spec.usageMessage().description("(not yet) " + description);
        // Whatever it will take one day: today every argument gets the same answer.
        spec.parser().unmatchedOptionsArePositionalParams(true);
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("ARGUMENT")
                .description("None is understood yet.")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return new CommandLine(spec);
    }

    @Override
    public Integer call() {
        throw CliException.usage(name + ": not yet; the README says what is done and what is coming");
    }
}
