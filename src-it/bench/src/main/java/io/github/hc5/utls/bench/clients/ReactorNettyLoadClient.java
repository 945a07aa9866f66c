package io.github.hc5.utls.bench.clients;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** reactor-netty over BoringSSL. */
final class ReactorNettyLoadClient implements LoadClient {

    private final ConnectionProvider connections;
    private final HttpClient client;

    ReactorNettyLoadClient(ClientOptions options) throws IOException, GeneralSecurityException {
        connections = ConnectionProvider.builder("bench")
                .maxConnections(options.connections())
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(Duration.ofSeconds(60))
                .build();
        SslContextBuilder tls =
                SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL).trustManager(options.trustManagers());
        if (!options.http1()) {
            tls.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1));
        }
        SslContext context = tls.build();
        client = HttpClient.create(connections)
                .protocol(
                        options.http1()
                                ? new HttpProtocol[] {HttpProtocol.HTTP11}
                                : new HttpProtocol[] {HttpProtocol.H2, HttpProtocol.HTTP11})
                .keepAlive(options.reuse())
                .secure(spec -> spec.sslContext(context));
    }

    @Override
    public void get(URI uri, Completion completion) {
        client.get()
                .uri(uri.toString())
                .responseSingle((response, body) -> body.asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .flatMap(bytes -> Mono.just(new Answer(response.status().code(), bytes.length))))
                .subscribe(answer -> completion.completed(answer.status, answer.bytes), completion::failed);
    }

    private record Answer(int status, int bytes) {}

    @Override
    public void close() {
        connections.dispose();
    }
}
