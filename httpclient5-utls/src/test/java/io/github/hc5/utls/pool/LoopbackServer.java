package io.github.hc5.utls.pool;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.AsyncResponseBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.nio.support.BasicServerExchangeHandler;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.IOSessionListener;
import org.apache.hc.core5.ssl.SSLContextBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * HttpCore's server on a loopback port, with TLS or without. It echoes request bodies and, at {@code /hold}, keeps the
 * answer back until {@link #letGo()}. It counts the connections it sees.
 */
final class LoopbackServer implements AutoCloseable {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final HttpAsyncServer server;
    private final int port;
    private final SSLContext clientContext;
    private final URIScheme scheme;
    private final List<Runnable> held = new ArrayList<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();

    LoopbackServer(HttpVersionPolicy policy, boolean tls, int streams) throws Exception {
        KeyStore keys = keyStore();
        this.scheme = tls ? URIScheme.HTTPS : URIScheme.HTTP;
        this.clientContext =
                SSLContextBuilder.create().loadTrustMaterial(keys, null).build();
        SSLContext serverContext =
                SSLContextBuilder.create().loadKeyMaterial(keys, PASSWORD).build();
        server = H2ServerBootstrap.bootstrap()
                .setVersionPolicy(policy)
                .setH2Config(H2Config.custom().setMaxConcurrentStreams(streams).build())
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setSelectInterval(TimeValue.ofMilliseconds(50))
                        .build())
                .setTlsStrategy(new H2ServerTlsStrategy(serverContext))
                .setIOSessionDecorator(null)
                .setIOSessionListener(new Counter())
                // whatever the host is called
                .setRequestRouter((request, context) -> () -> new BasicServerExchangeHandler<>(new Echo()))
                .create();
        server.start();
        port = ((InetSocketAddress) server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), scheme)
                        .get(10, TimeUnit.SECONDS)
                        .getAddress())
                .getPort();
    }

    static LoopbackServer http2() throws Exception {
        return new LoopbackServer(HttpVersionPolicy.NEGOTIATE, true, 100);
    }

    static LoopbackServer http1() throws Exception {
        return new LoopbackServer(HttpVersionPolicy.FORCE_HTTP_1, true, 100);
    }

    int port() {
        return port;
    }

    String uri(String path) {
        return scheme.id + "://localhost:" + port + path;
    }

    /** TLS that trusts this server. */
    TlsStrategy clientTls() {
        return ClientTlsStrategyBuilder.create().setSslContext(clientContext).buildAsync();
    }

    int accepted() {
        return accepted.get();
    }

    int mostOpen() {
        return mostOpen.get();
    }

    int openNow() {
        return open.size();
    }

    /** How many requests to {@code /hold} are waiting. */
    int holding() {
        synchronized (held) {
            return held.size();
        }
    }

    void letGo() {
        List<Runnable> answers;
        synchronized (held) {
            answers = List.copyOf(held);
            held.clear();
        }
        answers.forEach(Runnable::run);
    }

    /** Closes every connection and accepts no more. */
    void stop() {
        server.close(CloseMode.IMMEDIATE);
    }

    @Override
    public void close() {
        server.close(CloseMode.IMMEDIATE);
    }

    private final class Echo implements AsyncServerRequestHandler<Message<HttpRequest, String>> {
        @Override
        public AsyncRequestConsumer<Message<HttpRequest, String>> prepare(
                HttpRequest request, EntityDetails entity, HttpContext context) {
            return new BasicRequestConsumer<>(entity != null ? new StringAsyncEntityConsumer() : null);
        }

        @Override
        public void handle(Message<HttpRequest, String> message, ResponseTrigger trigger, HttpContext context) {
            String body = message.getBody() != null ? message.getBody() : "hello";
            Runnable answer = () -> {
                try {
                    trigger.submitResponse(
                            AsyncResponseBuilder.create(200)
                                    .setEntity(body, ContentType.TEXT_PLAIN)
                                    .build(),
                            context);
                } catch (Exception e) {
                    // the request has been cancelled meanwhile
                    unanswered.incrementAndGet();
                }
            };
            if (message.getHead().getPath().startsWith("/hold")) {
                synchronized (held) {
                    held.add(answer);
                }
            } else {
                answer.run();
            }
        }
    }

    private final class Counter implements IOSessionListener {
        @Override
        public void connected(IOSession session) {
            if (open.add(session.getId())) {
                accepted.incrementAndGet();
                mostOpen.accumulateAndGet(open.size(), Math::max);
            }
        }

        @Override
        public void startTls(IOSession session) {}

        @Override
        public void inputReady(IOSession session) {}

        @Override
        public void outputReady(IOSession session) {}

        @Override
        public void timeout(IOSession session) {}

        @Override
        public void exception(IOSession session, Exception ex) {}

        @Override
        public void disconnected(IOSession session) {
            open.remove(session.getId());
        }
    }

    private static KeyStore keyStore() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=localhost");
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                name,
                pair.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        }));
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("key", pair.getPrivate(), PASSWORD, new java.security.cert.Certificate[] {certificate});
        keys.setCertificateEntry("trusted", certificate);
        return keys;
    }
}
