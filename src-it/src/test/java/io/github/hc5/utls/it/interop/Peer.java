package io.github.hc5.utls.it.interop;

import io.github.hc5.utls.it.servers.AlpsServer;
import io.github.hc5.utls.it.servers.AlpsSettings;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.JsseServer;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.NettyServer;
import io.github.hc5.utls.it.servers.NginxServer;
import io.github.hc5.utls.it.servers.OpensslServer;
import io.github.hc5.utls.it.servers.TestPki;
import io.github.hc5.utls.it.servers.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/** The implementations that the handshakes are tried against. */
enum Peer {
    JSSE {
        @Override
        TestServer start(Setup setup) {
            HttpVersionPolicy policy = setup.http2() ? HttpVersionPolicy.NEGOTIATE : HttpVersionPolicy.FORCE_HTTP_1;
            return JsseServer.start(
                    new JsseServer.Settings(setup.identity(), setup.protocol(), policy, setup.clientCertificate()));
        }
    },
    BORINGSSL {
        @Override
        TestServer start(Setup setup) {
            NettyServer.Settings settings = NettyServer.Settings.of(setup.identity(), setup.protocol());
            if (!setup.http2()) {
                settings = settings.withApplicationProtocols("http/1.1");
            }
            return NettyServer.start(setup.clientCertificate() ? settings.withClientCertificate() : settings);
        }
    },
    OPENSSL {
        @Override
        TestServer start(Setup setup) {
            List<String> options = new ArrayList<>(List.of(setup.tls13() ? "-tls1_3" : "-tls1_2"));
            options.addAll(List.of("-alpn", "http/1.1"));
            if (setup.clientCertificate()) {
                options.addAll(List.of("-Verify", "1", "-verify_return_error"));
            }
            return OpensslServer.www(setup.identity(), options.toArray(String[]::new));
        }
    },
    NGINX {
        @Override
        TestServer start(Setup setup) {
            return NginxServer.start(new NginxServer.Settings(
                    setup.identity(), setup.protocol(), setup.http2(), setup.clientCertificate()));
        }
    },
    ALPS {
        @Override
        TestServer start(Setup setup) {
            AlpsSettings.Builder settings = AlpsSettings.of(setup.identity());
            if (!setup.http2()) {
                settings.applicationProtocols("http/1.1");
            }
            if (setup.clientCertificate()) {
                settings.clientCertificate();
            }
            return AlpsServer.start(settings.build());
        }
    };

    /**
     * What a server should do.
     *
     * @param key the kind of its certificate
     * @param protocol {@code TLSv1.2} or {@code TLSv1.3}, the only version spoken
     * @param http2 whether it selects h2
     * @param clientCertificate whether it demands a certificate of the client
     */
    record Setup(KeyKind key, String protocol, boolean http2, boolean clientCertificate) {

        Identity identity() {
            return TestPki.server(key);
        }

        boolean tls13() {
            return protocol.equals("TLSv1.3");
        }
    }

    abstract TestServer start(Setup setup);

    /** Returns whether the server can do this at all: s_server has no HTTP/2, the ALPS server no TLS 1.2. */
    boolean supports(Setup setup) {
        return switch (this) {
            case OPENSSL -> !setup.http2();
            case ALPS -> setup.tls13();
            case JSSE, BORINGSSL, NGINX -> true;
        };
    }

    /** Returns whether the server reports the connection in the body of {@code /report}. */
    boolean reports() {
        return this != ALPS && this != OPENSSL;
    }
}
