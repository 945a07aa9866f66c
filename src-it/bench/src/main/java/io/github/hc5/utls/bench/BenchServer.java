package io.github.hc5.utls.bench;

import io.github.hc5.utls.samples.mirror.MirrorCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one server of all clients: nginx with TLS 1.3 alone, an ECDSA P-256 certificate, HTTP/2, no session tickets, files
 * from memory. Each loopback address from 127.0.0.1 on is a host of its own. Where nginx is not installed, the mirror on
 * BoringSSL, with one host.
 */
final class BenchServer implements AutoCloseable {

    /** The bodies that can be asked for. */
    static final List<Integer> BODY_BYTES = List.of(33, 4_096, 1 << 20);

    private static final int HOSTS = 100;
    private static final int START_TRIES = 100;

    private final Process process;
    private final Path directory;
    private final String name;
    private final int port;
    private final boolean manyHosts;
    private final String bodyPath;

    private BenchServer(Process process, Path directory, String name, int port, boolean manyHosts, String bodyPath) {
        this.process = process;
        this.directory = directory;
        this.name = name;
        this.port = port;
        this.manyHosts = manyHosts;
        this.bodyPath = bodyPath;
    }

    static BenchServer start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(memory(), "utls-bench");
        Path nginx = Programs.find("nginx");
        return nginx != null ? startNginx(nginx, directory) : startMirror(directory);
    }

    private static @Nullable Path memory() {
        Path shared = Path.of("/dev/shm");
        return Files.isWritable(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static BenchServer startNginx(Path nginx, Path directory) throws IOException, InterruptedException {
        List<String> hosts =
                IntStream.rangeClosed(1, HOSTS).mapToObj(i -> "127.0.0." + i).toList();
        MirrorCertificates certificates = MirrorCertificates.issue(hosts, Instant.now());
        try {
            writePem(
                    directory.resolve("ca.pem"),
                    "CERTIFICATE",
                    certificates.authority().getEncoded());
            writePem(
                    directory.resolve("server.pem"),
                    "CERTIFICATE",
                    certificates.server().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
        writePem(
                directory.resolve("server.key"),
                "PRIVATE KEY",
                certificates.serverKey().getEncoded());
        for (int bytes : BODY_BYTES) {
            Files.writeString(directory.resolve(Integer.toString(bytes)), "x".repeat(bytes));
        }
        int port = freePort();
        StringBuilder listen = new StringBuilder();
        for (String host : hosts) {
            listen.append("listen ").append(host).append(':').append(port).append(" ssl http2 backlog=8192;\n");
        }
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off;
                worker_processes 1;
                worker_rlimit_nofile 20000;
                pid %1$s/nginx.pid;
                error_log stderr emerg;
                events { worker_connections 19000; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
                    default_type text/plain;
                    open_file_cache max=100;
                    keepalive_requests 1000000000;
                    keepalive_timeout 3600s;
                    http2_max_concurrent_streams 128;
                    server {
                        %2$s
                        ssl_protocols TLSv1.3;
                        ssl_session_tickets off;
                        ssl_certificate %1$s/server.pem;
                        ssl_certificate_key %1$s/server.key;
                        root %1$s;
                    }
                }
                """.formatted(directory, listen));
        // as root, the workers would otherwise become a user who may not read the directory
        ProcessBuilder builder = new ProcessBuilder(
                nginx.toString(),
                "-p",
                directory.toString(),
                "-e",
                "stderr",
                "-c",
                configuration.toString(),
                "-g",
                "user " + System.getProperty("user.name") + " root;");
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitListening(process, port);
        return new BenchServer(process, directory, "nginx", port, true, "/");
    }

    private static BenchServer startMirror(Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        MirrorProcess.class.getName(),
                        directory.resolve("ca.pem").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String port = out.readLine();
        if (port == null) {
            throw new IOException("the server did not start");
        }
        return new BenchServer(process, directory, "Netty with BoringSSL", Integer.parseInt(port), false, "/bytes/");
    }

    private static void writePem(Path file, String label, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitListening(Process process, int port) throws IOException, InterruptedException {
        for (int i = 0; i < START_TRIES && process.isAlive(); i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(loopback(), port), 1000);
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        process.destroyForcibly();
        throw new IOException("the server does not listen on port " + port);
    }

    String name() {
        return name;
    }

    /** Returns the PEM file of the authority to trust. */
    Path authority() {
        return directory.resolve("ca.pem");
    }

    /** Whether there is more than one host. */
    boolean hasManyHosts() {
        return manyHosts;
    }

    /** Returns the URLs of a body at so many hosts. */
    List<String> urls(int bodyBytes, int hosts) {
        List<String> urls = new ArrayList<>();
        for (int i = 1; i <= hosts; i++) {
            urls.add("https://127.0.0." + i + ":" + port + bodyPath + bodyBytes);
        }
        return urls;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
