package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utls mirror}: the mirror server, until it is interrupted. */
@Command(
        name = "mirror",
        mixinStandardHelpOptions = true,
        description = {
            "Serve HTTPS on 127.0.0.1 and answer each request with what its client sent: fingerprints,",
            "headers and their order, in JSON. Runs until it is interrupted.",
            "",
            "Each start makes a new certificate authority and writes it to samples/target/mirror-ca.pem."
        })
final class MirrorCommand implements Callable<Integer> {

    private static final Path CA = Path.of("samples", "target", "mirror-ca.pem");
    private static final int MAX_PORT = 65_535;

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "The port to listen on; 0, the default, takes a free one.")
    private int port;

    MirrorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (port < 0 || port > MAX_PORT) {
            throw CliException.usage("--port: " + port + " is not in the range 0 to " + MAX_PORT);
        }
        Path ca = home().resolve(CA);
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults().withPort(port))) {
            server.writeCa(ca);
            terminal.out().println(server.url());
            terminal.out().println("CA certificate: " + ca);
            terminal.out().flush();
            new CountDownLatch(1).await();
        } catch (IOException e) {
            throw CliException.failure(OneLine.of(e), e);
        } catch (InterruptedException e) {
            // The one way it ends: not a failure.
            Thread.currentThread().interrupt();
        }
        return ExitStatus.OK;
    }

    /** The project's directory, as the launcher found it; without the launcher, the working directory. */
    private static Path home() {
        return Path.of(System.getProperty("utls.home", ""));
    }
}
