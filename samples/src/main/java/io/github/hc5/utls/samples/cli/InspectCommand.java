package io.github.hc5.utls.samples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "inspect")
final class InspectCommand implements Callable<Integer> {
    InspectCommand(Terminal terminal) {}

    @Override
    public Integer call() {
        return 0;
    }
}
