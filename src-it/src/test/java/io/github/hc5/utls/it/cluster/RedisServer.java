package io.github.hc5.utls.it.cluster;

import io.github.hc5.utls.it.Requirement;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server that keeps nothing on disk, on a port of its own, which it has again when it is started again: the
 * machine's, or where it has none, one that a library brings along.
 */
final class RedisServer implements AutoCloseable {

    private static final int BUS = 10_000;

    private final int port;
    private final List<String> options;
    private final List<String> configuration;
    private final Path directory;
    private @Nullable Process process;

    private RedisServer(List<String> options, List<String> configuration) throws IOException {
        this.options = options;
        this.configuration = configuration;
        this.directory = Files.createTempDirectory("utls-redis");
        this.port = freePort(options.contains("--cluster-enabled"));
    }

    /** @param bus whether the port 10,000 above is needed too, which the nodes of a cluster have for one another */
    private static int freePort(boolean bus) throws IOException {
        for (int tries = 0; ; tries++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = free.getLocalPort();
                if (!bus) {
                    return port;
                }
                try (ServerSocket above = new ServerSocket(port + BUS, 1, InetAddress.getLoopbackAddress())) {
                    return above.getLocalPort() - BUS;
                }
            } catch (IOException | IllegalArgumentException e) {
                // taken, or beyond the last port
                if (tries == 100) {
                    throw e;
                }
            }
        }
    }

    static RedisServer running(String... options) throws IOException, InterruptedException {
        RedisServer server = new RedisServer(List.of(options), List.of());
        server.start();
        return server;
    }

    /** One of three sentinels, of which two decide that the master is down. */
    static RedisServer sentinel(RedisServer master) throws IOException, InterruptedException {
        RedisServer server = new RedisServer(
                List.of("--sentinel"),
                List.of(
                        "sentinel monitor main 127.0.0.1 " + master.port + " 2",
                        "sentinel down-after-milliseconds main 1000",
                        "sentinel failover-timeout main 5000"));
        server.start();
        return server;
    }

    static Path executable() throws IOException {
        boolean embedded = "embedded".equals(System.getProperty("utls.redis"));
        Optional<Path> found = embedded ? Optional.empty() : Requirement.REDIS.find();
        return found.isPresent()
                ? found.get()
                : ExecutableProvider.newJarResourceProvider().get().toPath();
    }

    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(executable().toString());
        if (!configuration.isEmpty()) {
            command.add(
                    Files.write(directory.resolve("redis.conf"), configuration).toString());
        }
        command.addAll(List.of(
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--port",
                options.contains("--tls-port") ? "0" : String.valueOf(port)));
        options.forEach(option -> command.add(option.equals("PORT") ? String.valueOf(port) : option));
        Process started = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process = started;
        CountDownLatch ready = new CountDownLatch(1);
        List<String> lines = new ArrayList<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader output = started.inputReader(StandardCharsets.ISO_8859_1)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    synchronized (lines) {
                        lines.add(line);
                    }
                    if (line.contains("Ready to accept connections") || line.contains("Sentinel ID is")) {
                        ready.countDown();
                    }
                }
            } catch (IOException e) {
                // the process has ended
            }
        });
        reader.setDaemon(true);
        reader.start();
        if (!ready.await(20, TimeUnit.SECONDS)) {
            close();
            synchronized (lines) {
                throw new IllegalStateException("redis-server did not start: " + lines);
            }
        }
    }

    /** Ends it without a word; its data is lost. */
    void stop() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Sends one command in words and returns all of its answer, which must be a bulk string or one line. */
    String command(String... words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                request.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
            String head = line(socket);
            if (!head.startsWith("$")) {
                return head;
            }
            return new String(
                    socket.getInputStream().readNBytes(Integer.parseInt(head.substring(1))), StandardCharsets.UTF_8);
        }
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder result = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n' && c >= 0;
                c = socket.getInputStream().read()) {
            if (c != '\r') {
                result.append((char) c);
            }
        }
        return result.toString();
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // a directory in the temporary folder stays
        }
    }
}
