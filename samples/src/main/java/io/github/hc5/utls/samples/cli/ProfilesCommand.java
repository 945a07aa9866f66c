package io.github.hc5.utls.samples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "profiles")
final class ProfilesCommand implements Callable<Integer> {
    ProfilesCommand(Terminal terminal) {}

    @Override
    public Integer call() {
        return 0;
    }
}
