package io.github.hc5.utls.spring.bench;

import io.github.hc5.utls.samples.mirror.MirrorCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** nginx with HTTP/1.1 and HTTP/2 over TLS 1.3, and one small file. */
final class NginxServer implements AutoCloseable {

    private static final int BODY = 100;
    private static final int TRIES = 100;

    private final Process process;
    private final Path directory;
    private final int port;

    private NginxServer(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    static NginxServer start() throws Exception {
        Path directory = Files.createTempDirectory("utls-spring-bench");
        MirrorCertificates certificates = MirrorCertificates.issue(List.of("127.0.0.1"), Instant.now());
        pem(directory.resolve("ca.pem"), "CERTIFICATE", certificates.authority().getEncoded());
        pem(
                directory.resolve("server.pem"),
                "CERTIFICATE",
                certificates.server().getEncoded());
        pem(
                directory.resolve("server.key"),
                "PRIVATE KEY",
                certificates.serverKey().getEncoded());
        Files.writeString(directory.resolve("body"), "x".repeat(BODY));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            port = socket.getLocalPort();
        }
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                error_log stderr error;
                events { worker_connections 1000; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/body-temp; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
                    default_type text/plain;
                    open_file_cache max=100;
                    keepalive_requests 1000000000;
                    server {
                        listen 127.0.0.1:%2$d ssl http2;
                        ssl_protocols TLSv1.3;
                        ssl_certificate %1$s/server.pem;
                        ssl_certificate_key %1$s/server.key;
                        root %1$s;
                    }
                }
                """.formatted(directory, port));
        Process process = new ProcessBuilder(
                        "nginx",
                        "-p",
                        directory.toString(),
                        "-e",
                        "stderr",
                        "-c",
                        configuration.toString(),
                        "-g",
                        "user " + System.getProperty("user.name") + " root;")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            try {
                new Socket(loopback(), port).close();
                return new NginxServer(process, directory, port);
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        process.destroyForcibly();
        throw new IOException("nginx does not listen: install the package nginx-light");
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void pem(Path file, String label, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    String url() {
        return "https://127.0.0.1:" + port + "/body";
    }

    Path authority() {
        return directory.resolve("ca.pem");
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
