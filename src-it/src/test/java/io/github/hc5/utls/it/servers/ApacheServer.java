package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.it.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Apache httpd with mod_http2 as it comes from the distribution, with a configuration and a directory of its own. It
 * serves files: {@code /bytes/N} for each length it was started with, and a small one as {@code /sum}, whatever the body
 * of the request.
 */
public final class ApacheServer implements TestServer {

    /** Logged once the sockets are listening. */
    private static final Pattern READY = Pattern.compile("resuming normal operations");

    private static final int ATTEMPTS = 3;

    private final ExternalProcess process;
    private final InetSocketAddress address;

    private ApacheServer(ExternalProcess process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts a server of TLS 1.3 and HTTP/2 that has files of the given lengths. */
    public static ApacheServer start(Identity identity, int... lengths) {
        String program = Requirement.APACHE.executable().toString();
        for (int attempt = 1; ; attempt++) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
            try {
                return start(program, identity, address, lengths);
            } catch (IllegalStateException e) {
                // httpd tells nobody which port it got, so it is given one, which another process may take meanwhile
                if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("Address already in use")) {
                    throw e;
                }
            }
        }
    }

    private static ApacheServer start(String program, Identity identity, InetSocketAddress address, int... lengths) {
        Path directory = ExternalProcess.newDirectory("apache");
        identity.writeChain(directory.resolve("chain.pem"));
        identity.writeKey(directory.resolve("key.pem"));
        Path configuration = Identity.write(directory.resolve("httpd.conf"), configuration(directory, address));
        try {
            Path files = Files.createDirectories(directory.resolve("files/bytes"));
            for (int length : lengths) {
                Files.write(files.resolve(Integer.toString(length)), Exchange.pattern(length));
            }
            Files.writeString(directory.resolve("files/sum"), "received\n");
            // where the test runs as root, the workers do not
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + directory, e);
        }
        List<String> command = List.of(program, "-D", "FOREGROUND", "-f", configuration.toString());
        ExternalProcess.Started started = ExternalProcess.start(directory, command, READY, line -> {});
        return new ApacheServer(started.process(), address);
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    private static String configuration(Path directory, InetSocketAddress address) {
        return """
            ServerRoot %1$s
            DefaultRuntimeDir %1$s
            PidFile %1$s/httpd.pid
            Mutex file:%1$s default
            ServerName localhost
            Listen %2$s:%3$d
            User www-data
            Group www-data
            ErrorLog /dev/stderr
            LogLevel notice
            LoadModule mpm_event_module %4$s/mod_mpm_event.so
            LoadModule authz_core_module %4$s/mod_authz_core.so
            LoadModule ssl_module %4$s/mod_ssl.so
            LoadModule http2_module %4$s/mod_http2.so
            StartServers 1
            ThreadsPerChild 16
            MaxRequestWorkers 16
            LimitRequestFieldSize 131072
            H2MaxSessionStreams 100
            Protocols h2 http/1.1
            SSLEngine on
            SSLProtocol TLSv1.3
            SSLCertificateFile %1$s/chain.pem
            SSLCertificateKeyFile %1$s/key.pem
            DocumentRoot %1$s/files
            <Directory %1$s/files>
                Require all granted
            </Directory>
            """.formatted(
                directory, address.getAddress().getHostAddress(), address.getPort(), "/usr/lib/apache2/modules");
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.close();
    }
}
