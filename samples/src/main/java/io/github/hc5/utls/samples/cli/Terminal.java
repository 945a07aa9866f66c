package io.github.hc5.utls.samples.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Where a command writes.
 *
 * @param out what was asked for: bodies, reports, JSON
 * @param err errors, summaries and progress
 * @param showsOut whether {@code out} is a terminal
 * @param showsErr whether {@code err} is one, so that progress and summaries have a reader
 */
record Terminal(PrintStream out, PrintStream err, boolean showsOut, boolean showsErr) {

    /** Set by the launcher script, which can find out what Java 17 cannot: which streams are terminals. */
    private static final String TERMINALS = "utls.terminals";

    /** Returns the process's own streams, in UTF-8 whatever the locale. */
    static Terminal ofProcess() {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Set<String> terminals = Set.of(System.getProperty(TERMINALS, "").split(","));
        return new Terminal(out, err, terminals.contains("stdout"), terminals.contains("stderr"));
    }
}
