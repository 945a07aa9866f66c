package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.it.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * nginx as it comes from the distribution, with a configuration and a directory of its own. It listens on a Unix domain
 * socket, so that no port has to be guessed; the {@link WireTap} before it has one.
 */
public final class NginxServer implements TestServer {

    /** Logged once the sockets are listening. */
    private static final Pattern READY = Pattern.compile("using the \"\\w+\" event method");

    /** The length of the large file that is served, as {@code /bytes/300000}. */
    public static final int FILE_LENGTH = 300_000;

    /** The length of the small file that is served, as {@code /bytes/2000}. */
    public static final int SMALL_FILE_LENGTH = 2_000;

    private final ExternalProcess process;
    private final Path socket;

    /**
     * How a server is set up.
     *
     * @param identity the server's certificate
     * @param protocol {@code TLSv1.2} or {@code TLSv1.3}, the only version spoken
     * @param http2 whether ALPN selects h2
     * @param clientCertificate whether the client must show a certificate of {@link TestPki#CLIENTS}
     */
    public record Settings(Identity identity, String protocol, boolean http2, boolean clientCertificate) {}

    private NginxServer(ExternalProcess process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    /** Starts a server. */
    public static NginxServer start(Settings settings) {
        String program = Requirement.NGINX.executable().toString();
        Path directory = ExternalProcess.newDirectory("nginx");
        settings.identity().writeChain(directory.resolve("chain.pem"));
        settings.identity().writeKey(directory.resolve("key.pem"));
        TestPki.CLIENTS.writeRoot(directory.resolve("clients.pem"));
        Path configuration = Identity.write(directory.resolve("nginx.conf"), configuration(directory, settings));
        try {
            Path files = Files.createDirectory(directory.resolve("bytes"));
            for (int length : new int[] {FILE_LENGTH, SMALL_FILE_LENGTH}) {
                Files.write(files.resolve(Integer.toString(length)), Exchange.pattern(length));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + directory, e);
        }
        List<String> command =
                List.of(program, "-p", directory.toString(), "-e", "stderr", "-c", configuration.toString());
        ExternalProcess.Started started = ExternalProcess.start(directory, command, READY, line -> {});
        return new NginxServer(started.process(), directory.resolve("tls.sock"));
    }

    private static String configuration(Path directory, Settings settings) {
        return """
            daemon off;
            master_process off;
            pid %1$s/nginx.pid;
            error_log stderr notice;
            events { worker_connections 64; }
            http {
                access_log off;
                default_type text/plain;
                client_body_temp_path %1$s/client_body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                server {
                    listen unix:%1$s/tls.sock ssl%2$s;
                    ssl_protocols %3$s;
                    ssl_certificate %1$s/chain.pem;
                    ssl_certificate_key %1$s/key.pem;
                    ssl_client_certificate %1$s/clients.pem;
                    ssl_verify_client %4$s;
                    root %1$s;
                    location = /report {
                        return 200 "tls=$ssl_protocol\\ncipher=$ssl_cipher\\nalpn=$ssl_alpn_protocol\\nclient=$ssl_client_s_dn\\n";
                    }
                }
            }
            """.formatted(
                        directory,
                        settings.http2() ? " http2" : "",
                        settings.protocol(),
                        settings.clientCertificate() ? "on" : "off");
    }

    @Override
    public SocketAddress address() {
        return UnixDomainSocketAddress.of(socket);
    }

    @Override
    public void close() {
        process.close();
    }
}
