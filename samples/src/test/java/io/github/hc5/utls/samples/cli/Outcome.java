package io.github.hc5.utls.samples.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What one run of the command line left behind. */
record Outcome(int status, String out, String err) {

    /** Runs a command line as if its output went to a pipe. */
    static Outcome of(String... args) {
        return run(false, args);
    }

    /** Runs a command line as if its output went to a terminal. */
    static Outcome onTerminal(String... args) {
        return run(true, args);
    }

    List<String> outLines() {
        return out.lines().toList();
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    private static Outcome run(boolean terminal, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status = UtlsCommand.run(new Terminal(outStream, errStream, terminal, terminal), args);
        outStream.flush();
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
