package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against the JDK's, in memory. */
class EngineHandshakeTest {

    private static TestPki pki;
    private static KeyPair keys;
    private static UtlsSslContext client;

    @BeforeAll
    static void authority() throws Exception {
        pki = new TestPki();
        keys = TestPki.ecKeys();
        client = UtlsSslContext.builder()
                .profile(BrowserProfiles.find("chrome-156"))
                .trustManager(pki.trust())
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shakesHandsAndCarriesData(String version) throws Exception {
        SSLContext context = pki.server(keys, "server.test");
        SSLEngine server = context.createSSLEngine();
        server.setUseClientMode(false);
        SSLParameters parameters = server.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(new String[] {"h2"});
        server.setSSLParameters(parameters);
        SSLEngine engine = client.createSSLEngine("server.test", 443);
        Wire wire = new Wire(engine, server);
        wire.handshake();
        assertThat(engine.getSession().getProtocol()).isEqualTo(version);
        assertThat(engine.getApplicationProtocol()).isEqualTo("h2");
        assertThat(engine.getSession().getCipherSuite())
                .isEqualTo(server.getSession().getCipherSuite());
        assertThat(wire.send(engine, server, "hello")).isEqualTo("hello");
        assertThat(wire.send(server, engine, "world")).isEqualTo("world");
    }

    @Test
    void wrongHost() throws Exception {
        SSLContext context = pki.server(keys, "server.test");
        SSLEngine server = context.createSSLEngine();
        server.setUseClientMode(false);
        SSLEngine engine = client.createSSLEngine("other.test", 443);
        Wire wire = new Wire(engine, server);
        assertThatThrownBy(wire::handshake).hasMessageContaining("other.test");
    }

    static final class Wire {
        final SSLEngine client;
        final SSLEngine server;
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        ByteBuffer plain = ByteBuffer.allocate(1 << 15);
        List<HandshakeStatus> finished = new ArrayList<>();

        Wire(SSLEngine client, SSLEngine server) {
            this.client = client;
            this.server = server;
        }

        void handshake() throws Exception {
            client.beginHandshake();
            server.beginHandshake();
            for (int i = 0; i < 100; i++) {
                boolean a = step(client, toClient, toServer);
                boolean b = step(server, toServer, toClient);
                if (!a && !b) {
                    return;
                }
            }
            throw new AssertionError("no end");
        }

        boolean step(SSLEngine e, ByteBuffer in, ByteBuffer out) throws Exception {
            switch (e.getHandshakeStatus()) {
                case NEED_WRAP: {
                    SSLEngineResult r = e.wrap(ByteBuffer.allocate(0), out);
                    return r.bytesProduced() > 0;
                }
                case NEED_TASK: {
                    e.getDelegatedTask().run();
                    return true;
                }
                default: {
                    in.flip();
                    SSLEngineResult r = e.unwrap(in, plain);
                    in.compact();
                    return r.bytesConsumed() > 0;
                }
            }
        }

        String send(SSLEngine from, SSLEngine to, String text) throws Exception {
            ByteBuffer net = ByteBuffer.allocate(1 << 15);
            from.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), net);
            net.flip();
            ByteBuffer app = ByteBuffer.allocate(1 << 15);
            while (net.hasRemaining()) {
                to.unwrap(net, app);
            }
            app.flip();
            return StandardCharsets.UTF_8.decode(app).toString();
        }
    }
}
