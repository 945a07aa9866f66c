package io.github.hc5.utls.it.bench;

import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A server in a JVM of its own, so that its CPU time is not the client's. By default the mirror on BoringSSL, with an ECDSA P-256
 * certificate and no session tickets, so that every handshake is a full one.
 */
final class ServerProcess implements AutoCloseable {

    private static final long EXIT_SECONDS = 10;

    private final Process process;
    private final String url;
    private final Path authority;

    private ServerProcess(Process process, String url, Path authority) {
        this.process = process;
        this.url = url;
        this.authority = authority;
    }

    /** Starts the mirror. */
    static ServerProcess start() throws IOException {
        return start(ServerProcess.class);
    }

    /** Starts the {@link LeanServer}. */
    static ServerProcess startLean() throws IOException {
        return start(LeanServer.class);
    }

    private static ServerProcess start(Class<?> server) throws IOException {
        Path authority = Files.createTempFile("utls-bench-ca", ".pem");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        server.getName(),
                        authority.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String url = out.readLine();
        if (url == null) {
            throw new IOException("the server did not start");
        }
        return new ServerProcess(process, url, authority);
    }

    /** Returns the URL of the server's root, with a slash at its end. */
    String url() {
        return url;
    }

    /** Returns the PEM file of the authority to trust. */
    Path authority() {
        return authority;
    }

    @Override
    public void close() throws IOException {
        try {
            // The server ends when its input does.
            process.getOutputStream().close();
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            Files.deleteIfExists(authority);
        }
    }

    /** Runs the server until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        try (MirrorServer server = MirrorServer.start(MirrorSettings.defaults().withHistorySize(1))) {
            server.writeCa(Path.of(arguments[0]));
            System.out.println(server.url());
            while (System.in.read() >= 0) {
                // Only the end matters.
            }
        }
    }
}
