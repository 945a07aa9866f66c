package io.github.hc5.utls.bench;

import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** The mirror in a process of its own: prints its port, and ends with its input. */
final class MirrorProcess {

    private MirrorProcess() {}

    /** Argument: where to write the certificate of the authority. */
    public static void main(String[] arguments) throws IOException {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults().withHistorySize(1))) {
            server.writeCa(Path.of(arguments[0]));
            System.out.println(URI.create(server.url()).getPort());
            while (System.in.read() >= 0) {
                // only the end matters
            }
        }
    }
}
