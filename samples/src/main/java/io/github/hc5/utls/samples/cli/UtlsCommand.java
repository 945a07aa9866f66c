package io.github.hc5.utls.samples.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code utls} command: finds the subcommand, and turns whatever goes wrong into one line and an exit status. */
@Command(
        name = "utls",
        mixinStandardHelpOptions = true,
        versionProvider = UtlsCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "A browser's TLS for Apache HttpClient 5: try it, and see what servers see.",
        footer = {
            "",
            "Exit status: 0 if all went well (fetch: every request got an answer), 1 if not, 2 for a",
            "wrong command line. Errors are one line; --debug adds the stack trace."
        })
public final class UtlsCommand implements Runnable {

    @Option(
            names = "--debug",
            scope = CommandLine.ScopeType.INHERIT,
            description = "With an error, print its stack trace too.")
    private boolean debug;

    @Spec
    private @Nullable CommandSpec spec;

    UtlsCommand() {}

    public static void main(String... args) {
        Terminal terminal = Terminal.ofProcess();
        int status = run(terminal, args);
        terminal.out().flush();
        terminal.err().flush();
        // Not a return from main: a thread of some library must not keep the process alive.
        System.exit(status);
    }

    /** Runs one command line and returns its exit status. */
    static int run(Terminal terminal, String... args) {
        UtlsCommand root = new UtlsCommand();
        CommandLine commandLine = new CommandLine(root)
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new FetchCommand(terminal))
                .addSubcommand(new ProfilesCommand(terminal))
                .addSubcommand(new InspectCommand(terminal))
                .addSubcommand(new ImportCommand(terminal))
                .addSubcommand(new CompareCommand(terminal))
                .addSubcommand(new ConfigCommand(terminal))
                .addSubcommand(new MirrorCommand(terminal))
                .addSubcommand(new BenchCommand(terminal));
        commandLine
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((problem, given) -> root.report(terminal, describe(problem), problem))
                .setExecutionExceptionHandler((problem, command, parsed) -> root.report(terminal, problem));
        try {
            return commandLine.execute(args);
        } catch (LinkageError | StackOverflowError | OutOfMemoryError e) {
            root.report(terminal, "internal error: " + e.getClass().getSimpleName() + ": " + OneLine.of(e), e);
            return ExitStatus.FAILED;
        }
    }

    /** Returns whether errors are to show their stack traces. */
    boolean debug() {
        return debug;
    }

    /** Without a subcommand there is nothing to do but to say what there is. */
    @Override
    public void run() {
        CommandSpec command = java.util.Objects.requireNonNull(spec);
        throw new ParameterException(command.commandLine(), "Missing command");
    }

    private int report(Terminal terminal, Exception problem) {
        if (problem instanceof CliException expected) {
            report(terminal, OneLine.of(expected), expected);
            return expected.exitStatus();
        }
        report(terminal, "internal error: " + problem.getClass().getSimpleName() + ": " + OneLine.of(problem), problem);
        return ExitStatus.FAILED;
    }

    private int report(Terminal terminal, String line, Throwable problem) {
        terminal.out().flush();
        terminal.err().println("utls: " + line);
        if (debug) {
            problem.printStackTrace(terminal.err());
        }
        terminal.err().flush();
        return ExitCode.USAGE;
    }

    private static String describe(ParameterException problem) {
        String command = problem.getCommandLine().getCommandSpec().qualifiedName();
        List<String> suggestions =
                problem instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String hint = suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?";
        return OneLine.of(problem) + hint + " (see " + command + " --help)";
    }

    /** Reads the version that the build wrote into the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = UtlsCommand.class.getPackage().getImplementationVersion();
            return new String[] {"utls " + (version == null ? "(not packaged)" : version)};
        }
    }
}
