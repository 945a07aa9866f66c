package io.github.hc5.utls.it.servers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty on the JDK's TLS: HTTP/2 and HTTP/1.1, with headers of up to 128 KiB; sends {@code X-Large} back. */
public final class JettyServer implements TestServer {

    private static final int LARGEST_HEADERS = 128 * 1024;

    private final Server server;
    private final ServerConnector connector;

    private JettyServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /** Starts a server. */
    public static JettyServer start(Identity identity) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(LARGEST_HEADERS);
        configuration.setResponseHeaderSize(LARGEST_HEADERS);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(sslContext(identity));
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        Server server = new Server();
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
        // it ends connections with more CONTINUATION frames a second than this, by default 128
        http2.setRateControlFactory(new WindowRateControl.Factory(100_000));
        ServerConnector connector = new ServerConnector(
                server,
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                http2,
                new HttpConnectionFactory(configuration));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        server.setHandler(new Answers());
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("cannot start Jetty", e);
        }
        return new JettyServer(server, connector);
    }

    private static SSLContext sslContext(Identity identity) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity.keyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make the server's SSLContext", e);
        }
    }

    private static final class Answers extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            byte[] body = Content.Source.asInputStream(request).readAllBytes();
            Exchange exchange = Exchange.answer(Request.getPathInContext(request), body, Map::of);
            response.setStatus(exchange.status());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, exchange.body().length());
            HttpField large = request.getHeaders().getField("X-Large");
            if (large != null) {
                response.getHeaders().put(large);
            }
            response.write(true, ByteBuffer.wrap(exchange.body().toByteArray()), callback);
            return true;
        }
    }

    @Override
    public SocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop Jetty", e);
        }
    }
}
