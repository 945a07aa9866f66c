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
 * haproxy as it comes from the distribution, which answers by itself: {@code /bytes/N} for each length it was started
 * with, and {@code /sum} the length of the request's body. It listens on a Unix domain socket.
 */
public final class HaproxyServer implements TestServer {

    /** Said once the sockets are listening, by the master process, which takes its worker along when it ends. */
    private static final Pattern READY = Pattern.compile("Loading success");

    private final ExternalProcess process;
    private final Path socket;

    private HaproxyServer(ExternalProcess process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    /** Starts a server of TLS 1.3 and HTTP/2 that knows bodies of the given lengths, each less than 64 KiB. */
    public static HaproxyServer start(Identity identity, int... lengths) {
        String program = Requirement.HAPROXY.executable().toString();
        Path directory = ExternalProcess.newDirectory("haproxy");
        identity.writeChain(directory.resolve("server.pem"));
        identity.writeKey(directory.resolve("server.pem.key"));
        StringBuilder answers = new StringBuilder();
        for (int length : lengths) {
            Path file = directory.resolve(Integer.toString(length));
            try {
                Files.write(file, Exchange.pattern(length));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot prepare " + file, e);
            }
            answers.append("    http-request return status 200 content-type text/plain file %s if { path /bytes/%d }\n"
                    .formatted(file, length));
        }
        Path configuration = Identity.write(directory.resolve("haproxy.cfg"), configuration(directory, answers));
        List<String> command = List.of(program, "-W", "-db", "-f", configuration.toString());
        ExternalProcess.Started started = ExternalProcess.start(directory, command, READY, line -> {});
        return new HaproxyServer(started.process(), directory.resolve("tls.sock"));
    }

    private static String configuration(Path directory, CharSequence answers) {
        return """
            global
                nbthread 1
                tune.bufsize 131072
                tune.http.maxhdr 1000
            defaults
                mode http
                timeout client 30s
                timeout connect 5s
                timeout server 30s
            frontend all
                bind unix@%1$s/tls.sock ssl crt %1$s/server.pem alpn h2,http/1.1 ssl-min-ver TLSv1.3
                http-request wait-for-body time 20s if METH_POST
                http-request return status 200 content-type text/plain lf-string "length=%%[req.body_size]" if { path /sum }
            %2$s    http-request return status 404
            """.formatted(directory, answers);
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
