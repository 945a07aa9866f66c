package io.github.hc5.utls.samples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "mirror")
final class MirrorCommand implements Callable<Integer> {
    MirrorCommand(Terminal terminal) {}

    @Override
    public Integer call() {
        return 0;
    }
}
