package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.jspecify.annotations.Nullable;

/** The JDK's own TLS under an HttpCore 5 server: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1. */
public final class JsseServer implements TestServer {

    private final CoreHttpServer server;

    /**
     * How a server is set up.
     *
     * @param identity the server's certificate
     * @param protocol {@code TLSv1.2} or {@code TLSv1.3}, the only version spoken
     * @param policy which HTTP versions ALPN selects from
     * @param clientCertificate whether the client must show a certificate of {@link TestPki#CLIENTS}
     */
    public record Settings(Identity identity, String protocol, HttpVersionPolicy policy, boolean clientCertificate) {}

    private JsseServer(CoreHttpServer server) {
        this.server = server;
    }

    /** Starts a server. */
    public static JsseServer start(Settings settings) {
        Map<Octets, String> applicationProtocols = new ConcurrentHashMap<>();
        H2ServerTlsStrategy strategy = new H2ServerTlsStrategy(
                sslContext(settings.identity()),
                (endpoint, engine) -> initialize(settings, engine),
                (endpoint, engine) -> remember(applicationProtocols, engine));
        return new JsseServer(
                CoreHttpServer.start(strategy, settings.policy(), context -> report(context, applicationProtocols)));
    }

    private static SSLContext sslContext(Identity identity) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity.keyManagers(), new TrustManager[] {TestPki.CLIENTS.trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make the server's SSLContext", e);
        }
    }

    private static void initialize(Settings settings, SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {settings.protocol()});
        parameters.setNeedClientAuth(settings.clientCertificate());
        engine.setSSLParameters(parameters);
    }

    /**
     * Keeps the engine's application protocol where the request handler finds it. It must not go into the session's own
     * values: JSSE answers each change of those with a new session ticket, which ends in another call of this method.
     */
    private static @Nullable TlsDetails remember(Map<Octets, String> applicationProtocols, SSLEngine engine) {
        applicationProtocols.put(Octets.of(engine.getSession().getId()), engine.getApplicationProtocol());
        return null;
    }

    private static Map<String, String> report(HttpCoreContext context, Map<Octets, String> applicationProtocols) {
        SSLSession session = context.getSSLSession();
        Map<String, String> values = new LinkedHashMap<>();
        values.put(ServerReport.TLS, session.getProtocol());
        values.put(ServerReport.CIPHER, session.getCipherSuite());
        values.put(ServerReport.ALPN, applicationProtocols.get(Octets.of(session.getId())));
        values.put(ServerReport.CLIENT, client(session));
        return values;
    }

    static String client(SSLSession session) {
        try {
            return session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    @Override
    public SocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }
}
