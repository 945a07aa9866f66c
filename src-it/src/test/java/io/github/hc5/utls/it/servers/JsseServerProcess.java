package io.github.hc5.utls.it.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/**
 * A {@link JsseServer} in a JVM of its own, as only a system property tells JSSE which groups to take before Java 20.
 * With one for which a client sends no share, each of its handshakes needs a HelloRetryRequest.
 */
public final class JsseServerProcess implements TestServer {

    private static final Pattern READY = Pattern.compile("listening at (\\d+)");

    private final ExternalProcess process;
    private final SocketAddress address;

    private JsseServerProcess(ExternalProcess process, SocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts a server for TLS 1.3.
     *
     * @param groups by JSSE's names
     */
    public static JsseServerProcess start(Identity identity, String groups) {
        Path directory = ExternalProcess.newDirectory("jsse");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djdk.tls.namedGroups=" + groups,
                "-cp",
                System.getProperty("java.class.path"),
                JsseServerProcess.class.getName(),
                identity.writeKey(directory.resolve("key.pem")).toString(),
                identity.privateKey().getAlgorithm(),
                identity.writeChain(directory.resolve("chain.pem")).toString());
        ExternalProcess.Started started = ExternalProcess.start(directory, command, READY, line -> {});
        return new JsseServerProcess(
                started.process(),
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        Integer.parseInt(started.ready().group(1))));
    }

    /** Serves until it is killed: the key's file, its algorithm, and the file of the chain. */
    public static void main(String[] args) throws Exception {
        Identity identity = new Identity(key(Path.of(args[0]), args[1]), chain(Path.of(args[2])));
        try (JsseServer server =
                JsseServer.start(new JsseServer.Settings(identity, "TLSv1.3", HttpVersionPolicy.NEGOTIATE, false))) {
            System.out.println("listening at " + ((InetSocketAddress) server.address()).getPort());
            Thread.currentThread().join();
        }
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
        byte[] der = Base64.getMimeDecoder().decode(base64);
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static List<X509Certificate> chain(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        }
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
