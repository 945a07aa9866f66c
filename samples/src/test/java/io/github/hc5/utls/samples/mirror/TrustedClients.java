package io.github.hc5.utls.samples.mirror;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Clients of the JDK that trust a mirror's authority and nothing else. */
final class TrustedClients {

    static final Duration TIMEOUT = Duration.ofSeconds(20);

    private TrustedClients() {}

    static SSLContext tls(MirrorServer server) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("mirror", server.caCertificate());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    static HttpClient http(MirrorServer server, HttpClient.Version version)
            throws GeneralSecurityException, IOException {
        return HttpClient.newBuilder()
                .sslContext(tls(server))
                .version(version)
                .connectTimeout(TIMEOUT)
                .build();
    }

    static HttpRequest.Builder request(MirrorServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.url()).resolve(path)).timeout(TIMEOUT);
    }

    static String get(HttpClient client, MirrorServer server, String path) throws IOException, InterruptedException {
        return client.send(request(server, path).build(), BodyHandlers.ofString())
                .body();
    }

    /** A connected socket whose handshake has not started. */
    static SSLSocket socket(SSLContext context, MirrorServer server) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(MirrorSettings.defaults().bindAddress(), server.port());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        return socket;
    }
}
