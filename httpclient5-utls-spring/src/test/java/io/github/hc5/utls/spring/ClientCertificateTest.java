package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.github.hc5.utls.samples.mirror.MirrorCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** A server that demands a client certificate, and an SSL bundle that has one. */
@Timeout(60)
class ClientCertificateTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @TempDir
    private static Path folder;

    private static MirrorCertificates ofServer;
    private static MirrorCertificates ofClient;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static HttpsServer server;

    @BeforeAll
    static void start() throws Exception {
        ofServer = MirrorCertificates.issue(List.of(), Instant.now());
        ofClient = MirrorCertificates.issue(List.of(), Instant.now());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "server", ofServer.serverKey(), new char[0], new Certificate[] {ofServer.server(), ofServer.authority()
                });
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), new TrustManager[] {new OnlyTheClient()}, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 16);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters demanding = tls.getDefaultSSLParameters();
                demanding.setNeedClientAuth(true);
                parameters.setSSLParameters(demanding);
            }
        });
        server.setExecutor(THREADS);
        server.createContext("/", exchange -> {
            HttpsExchange secure = (HttpsExchange) exchange;
            X509Certificate shown = (X509Certificate) secure.getSSLSession().getPeerCertificates()[0];
            byte[] body = (secure.getSSLSession().getProtocol() + " " + shown.getSerialNumber())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        pem("ca.pem", "CERTIFICATE", ofServer.authority().getEncoded());
        pem("client.pem", "CERTIFICATE", ofClient.server().getEncoded());
        pem("client.key", "PRIVATE KEY", ofClient.serverKey().getEncoded());
    }

    @AfterAll
    static void stop() {
        server.stop(0);
        THREADS.shutdownNow();
    }

    private static void pem(String name, String label, byte[] der) throws Exception {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                folder.resolve(name), "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    /** That the peer has the key, the handshake itself proves. */
    private static final class OnlyTheClient implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            if (!chain[0].equals(ofClient.server())) {
                throw new CertificateException("somebody else");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static ConfigurableApplicationContext run(String... more) {
        List<String> properties = new ArrayList<>(List.of(more));
        properties.add("spring.main.banner-mode=off");
        properties.add("spring.http.clients.ssl.bundle=partner");
        properties.add("spring.ssl.bundle.pem.partner.truststore.certificate="
                + folder.resolve("ca.pem").toUri());
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(properties.toArray(String[]::new))
                .run();
    }

    private static String[] withCertificate() {
        return new String[] {
            "spring.ssl.bundle.pem.partner.keystore.certificate="
                    + folder.resolve("client.pem").toUri(),
            "spring.ssl.bundle.pem.partner.keystore.private-key="
                    + folder.resolve("client.key").toUri()
        };
    }

    private static String url() {
        return "https://localhost:" + server.getAddress().getPort() + "/";
    }

    @Test
    void theBundlesCertificateIsShownByEveryKindOfClient() {
        try (ConfigurableApplicationContext context = run(withCertificate())) {
            String expected = "TLSv1.3 " + ofClient.server().getSerialNumber();
            assertThat(context.getBean(RestTemplateBuilder.class).build().getForObject(url(), String.class))
                    .isEqualTo(expected);
            assertThat(context.getBean(RestClient.Builder.class)
                            .build()
                            .get()
                            .uri(url())
                            .retrieve()
                            .body(String.class))
                    .isEqualTo(expected);
            assertThat(context.getBean(WebClient.Builder.class)
                            .build()
                            .get()
                            .uri(url())
                            .retrieve()
                            .bodyToMono(String.class)
                            .block())
                    .isEqualTo(expected);
        }
    }

    @Test
    void withoutItTheServerRefuses() {
        try (ConfigurableApplicationContext context = run("httpclient5.utls.pool.max-retries=0")) {
            RestClient client = context.getBean(RestClient.Builder.class).build();
            assertThatThrownBy(() -> client.get().uri(url()).retrieve().body(String.class))
                    .isInstanceOf(ResourceAccessException.class);
        }
    }
}
