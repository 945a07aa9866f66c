package io.github.hc5.utls.bench.clients;

import java.io.IOException;
import java.net.URI;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty's client. */
final class JettyLoadClient implements LoadClient {

    private static final int MAX_BODY = 8 << 20;

    private final HttpClient client;
    private final boolean reuse;

    JettyLoadClient(ClientOptions options) throws Exception {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setTrustStore(options.trustStore());
        ClientConnector connector = new ClientConnector();
        connector.setSslContextFactory(tls);
        ClientConnectionFactory.Info http1 = HttpClientConnectionFactory.HTTP11;
        ClientConnectionFactory.Info http2 = new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector));
        client = new HttpClient(
                options.http1() || !options.reuse()
                        ? new HttpClientTransportDynamic(connector, http1)
                        : new HttpClientTransportDynamic(connector, http2, http1));
        client.setMaxConnectionsPerDestination(options.connections());
        client.setMaxRequestsQueuedPerDestination(1 << 20);
        client.start();
        reuse = options.reuse();
    }

    @Override
    public void get(URI uri, Completion completion) {
        Request request = client.newRequest(uri);
        if (!reuse) {
            request.headers(headers -> headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
        }
        request.send(new BufferingResponseListener(MAX_BODY) {
            @Override
            public void onComplete(Result result) {
                Throwable failure = result.getFailure();
                if (failure != null) {
                    completion.failed(failure);
                } else {
                    completion.completed(result.getResponse().getStatus(), getContent().length);
                }
            }
        });
    }

    @Override
    public void close() throws IOException {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IOException("Jetty's client does not stop", e);
        }
    }
}
