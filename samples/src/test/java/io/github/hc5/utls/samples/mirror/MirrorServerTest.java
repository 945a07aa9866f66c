package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.Ja4;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MirrorServerTest {

    private static final MirrorSettings DEFAULTS = MirrorSettings.defaults();

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    private static JsonNode mirror(HttpClient client, MirrorServer server, String path) throws Exception {
        return json(TrustedClients.get(client, server, path));
    }

    @ParameterizedTest
    @CsvSource({
        "BORINGSSL, TLSv1.3, HTTP_2",
        "BORINGSSL, TLSv1.3, HTTP_1_1",
        "BORINGSSL, TLSv1.2, HTTP_2",
        "BORINGSSL, TLSv1.2, HTTP_1_1",
        "JDK, TLSv1.3, HTTP_2",
        "JDK, TLSv1.3, HTTP_1_1",
        "JDK, TLSv1.2, HTTP_2",
        "JDK, TLSv1.2, HTTP_1_1"
    })
    void showsAClientWhatItSent(TlsProvider provider, String tlsVersion, Version version) throws Exception {
        try (MirrorServer server =
                MirrorServer.start(DEFAULTS.withProvider(provider).withTlsVersions(tlsVersion))) {
            HttpClient client = TrustedClients.http(server, version);
            HttpResponse<String> response = client.send(
                    TrustedClients.request(server, "some/path?q=1")
                            .header("X-Second", "2")
                            .header("X-First", "1")
                            .build(),
                    BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
            JsonNode shown = json(response.body());
            RecordedConnection recorded = server.connections().get(0);
            ClientHelloMessage hello =
                    ClientHelloParser.parse(recorded.clientHellos().get(0).toByteArray());
            boolean http2 = version == Version.HTTP_2;
            assertThat(shown.get("ja4").asText()).isEqualTo(Ja4.of(hello).toString());
            assertThat(shown.get("ja4_r").asText()).startsWith("t13d").contains(http2 ? "h2_" : "00_");
            assertThat(shown.get("ja3").asText()).startsWith("771,4866-4865-");
            assertThat(shown.get("ja3_hash").asText()).hasSize(32);
            assertThat(shown.get("ja3n").asText()).isNotEqualTo(shown.get("ja3").asText());
            assertThat(shown.get("ja3n_hash").asText()).hasSize(32);
            assertThat(shown.get("tls_version").asText()).isEqualTo(tlsVersion);
            assertThat(shown.get("cipher").asText()).startsWith("TLS_");
            assertThat(shown.get("group").asText()).isEqualTo("x25519");
            assertThat(shown.get("resumed").asBoolean()).isFalse();
            assertThat(shown.get("hello_retry").asBoolean()).isFalse();
            assertThat(shown.get("method").asText()).isEqualTo("GET");
            assertThat(shown.get("path").asText()).isEqualTo("/some/path?q=1");
            assertThat(shown.get("remote_address").asText()).startsWith("127.0.0.1:");
            assertThat(shown.get("connection_id").asLong()).isEqualTo(1);
            assertThat(shown.get("request_number").asLong()).isEqualTo(1);
            if (http2) {
                assertThat(shown.get("alpn").asText()).isEqualTo("h2");
                assertThat(shown.get("akamai").asText()).endsWith("|0|a,m,p,s");
                assertThat(shown.get("pseudo")).hasSize(4);
                assertThat(shown.toString()).contains("[\"x-second\",\"2\"]");
                assertThat(recorded.frames().get(0).head().type()).isEqualTo("SETTINGS");
                assertThat(recorded.http1Heads()).isEmpty();
            } else {
                assertThat(shown.get("alpn").isNull()).isTrue();
                assertThat(shown.get("akamai").isNull()).isTrue();
                assertThat(shown.toString()).contains("[\"X-Second\",\"2\"]");
                assertThat(recorded.http1Heads())
                        .singleElement()
                        .asString()
                        .startsWith("GET /some/path?q=1 HTTP/1.1\r\n");
                assertThat(recorded.frames()).isEmpty();
            }
            assertThat(recorded.records().get(0).type()).isEqualTo(TlsRecordReader.HANDSHAKE);
            assertThat(recorded.records().get(0).length())
                    .isEqualTo(recorded.clientHellos().get(0).length() - TlsRecordReader.HEADER_LENGTH);
            assertThat(recorded.failure()).isNull();
            assertThat(recorded.omitted()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void keepsAConnectionForManyRequests(Version version) throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, version);
            for (int i = 1; i <= 5; i++) {
                JsonNode shown = mirror(client, server, "r" + i);
                assertThat(shown.get("request_number").asInt()).isEqualTo(i);
                assertThat(shown.get("connection_id").asInt()).isEqualTo(1);
            }
            assertThat(server.connections())
                    .singleElement()
                    .extracting(RecordedConnection::requests)
                    .isEqualTo(5L);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void streamsLargeBodiesBothWays(Version version) throws Exception {
        byte[] upload = new byte[5_000_000];
        new Random(5).nextBytes(upload);
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, version);
            byte[] download = client.send(
                            TrustedClients.request(server, "bytes/30000001").build(), BodyHandlers.ofByteArray())
                    .body();
            assertThat(download).hasSize(30_000_001);
            for (int i = 0; i < download.length; i += 997) {
                assertThat(download[i]).isEqualTo((byte) i);
            }
            HttpResponse<byte[]> echo = client.send(
                    TrustedClients.request(server, "echo")
                            .header("Content-Type", "x/y")
                            .POST(BodyPublishers.ofByteArray(upload))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(Arrays.equals(echo.body(), upload)).isTrue();
            assertThat(echo.headers().firstValue("content-type")).hasValue("x/y");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aSlowReaderHoldsUpNobodyElse(Version version) throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient slow = TrustedClients.http(server, version);
            HttpClient other = TrustedClients.http(server, version);
            try (InputStream body = slow.send(
                            TrustedClients.request(server, "bytes/10000000000").build(), BodyHandlers.ofInputStream())
                    .body()) {
                assertThat(body.read()).isZero();
                for (int i = 0; i < 10; i++) {
                    assertThat(mirror(other, server, "x").get("path").asText()).isEqualTo("/x");
                }
                assertThat(body.read()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void answersWithTheStatusAskedFor(Version version) throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, version);
            for (int status : new int[] {200, 204, 304, 404, 503}) {
                HttpResponse<String> response = client.send(
                        TrustedClients.request(server, "status/" + status).build(), BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(status);
                assertThat(response.body().isEmpty()).isEqualTo(status == 204 || status == 304);
            }
            HttpResponse<String> head = client.send(
                    TrustedClients.request(server, "bytes/77")
                            .method("HEAD", BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            assertThat(head.headers().firstValue("content-length")).hasValue("77");
            assertThat(head.body()).isEmpty();
            assertThat(mirror(client, server, "after").get("connection_id").asInt())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes/x, bytes/x",
        "bytes/-1, bytes/-1",
        "bytes, /bytes/:",
        "status/100, 200 to 599",
        "status/600, 599",
        "delay/600001, 600000",
        "headers/99999999999999999999, 1048576"
    })
    void refusesAnArgumentOutOfRange(String path, String message) throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, Version.HTTP_2);
            HttpResponse<String> response =
                    client.send(TrustedClients.request(server, path).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response.body()).get("error").asText()).contains(message);
        }
    }

    @Test
    void servesAPageForBrowsers() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, Version.HTTP_2);
            HttpResponse<String> page =
                    client.send(TrustedClients.request(server, "page").build(), BodyHandlers.ofString());
            assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
            assertThat(page.body()).contains("/page/style.css", "/page/done");
            assertThat(mirror(client, server, "page/fetch").get("path").asText())
                    .isEqualTo("/page/fetch");
        }
    }

    @Test
    void refusesABodyTooLargeToEcho() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, Version.HTTP_2);
            HttpResponse<String> response = client.send(
                    TrustedClients.request(server, "echo")
                            .POST(BodyPublishers.ofByteArray(new byte[RequestBody.MAX_LENGTH + 1]))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_2, 300000", "HTTP_1_1, 200000"})
    void sendsBigHeaderBlocks(Version version, int bytes) throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, version);
            HttpResponse<String> response = client.send(
                    TrustedClients.request(server, "headers/" + bytes).build(), BodyHandlers.ofString());
            int padding = response.headers().map().entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith("x-padding-"))
                    .mapToInt(entry -> entry.getValue().get(0).length())
                    .sum();
            assertThat(padding).isEqualTo(bytes);
        }
    }

    @Test
    void aDelayedAnswerDoesNotHoldUpTheOtherStreams() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, Version.HTTP_2);
            mirror(client, server, "connect");
            CompletableFuture<HttpResponse<String>> delayed = client.sendAsync(
                    TrustedClients.request(server, "delay/600000").build(), BodyHandlers.ofString());
            assertThat(mirror(client, server, "quick").get("connection_id").asInt())
                    .isEqualTo(1);
            assertThat(delayed).isNotDone();
            assertThat(mirror(client, server, "delay/1").get("path").asText()).isEqualTo("/delay/1");
        }
    }

    @Test
    void answersManyStreamsAtOnce() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, Version.HTTP_2);
            mirror(client, server, "connect");
            List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                responses.add(client.sendAsync(
                        TrustedClients.request(server, "bytes/" + (100_000 + i)).build(), BodyHandlers.ofByteArray()));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(responses.get(i).get().body()).hasSize(100_000 + i);
            }
            assertThat(server.connections())
                    .singleElement()
                    .extracting(RecordedConnection::requests)
                    .isEqualTo(101L);
        }
    }

    @Test
    void showsTheWholeRecordOfTheAskingConnection() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = TrustedClients.http(server, Version.HTTP_2);
            mirror(client, server, "first");
            JsonNode record = mirror(client, server, "frames");
            assertThat(record.get("client_hellos").get(0).asText())
                    .isEqualTo(server.connections().get(0).clientHellos().get(0).toHex());
            assertThat(record.get("requests").asInt()).isEqualTo(2);
            assertThat(record.get("records").get(0).get(0).asInt()).isEqualTo(TlsRecordReader.HANDSHAKE);
            assertThat(record.get("fingerprints").get("ja4_r").asText()).startsWith("t13d");
            JsonNode last = record.get("frames").get(record.get("frames").size() - 1);
            assertThat(last.get("headers").toString()).contains("[\":path\",\"/frames\"]");
            assertThat(last.get("hpack_trace").toString()).contains("\"idx2\"");
        }
    }

    @Test
    void recordsBothHellosOfAHelloRetryRequest() throws Exception {
        // Below Java 20 the JDK's client offers its first two groups' families as key shares: never P-521
        try (MirrorServer server = MirrorServer.start(DEFAULTS.withForcedGroup("secp521r1"))) {
            HttpClient client = TrustedClients.http(server, Version.HTTP_2);
            JsonNode shown = mirror(client, server, "retry");
            assertThat(shown.get("hello_retry").asBoolean()).isTrue();
            assertThat(shown.get("group").asText()).isEqualTo("secp521r1");
            RecordedConnection recorded = server.connections().get(0);
            assertThat(recorded.helloRetry()).isTrue();
            assertThat(recorded.clientHellos()).hasSize(2);
            ClientHelloMessage first =
                    ClientHelloParser.parse(recorded.clientHellos().get(0).toByteArray());
            ClientHelloMessage second =
                    ClientHelloParser.parse(recorded.clientHellos().get(1).toByteArray());
            assertThat(second.random()).isEqualTo(first.random());
            assertThat(recorded.clientHellos().get(1))
                    .isNotEqualTo(recorded.clientHellos().get(0));
            assertThat(shown.get("ja4").asText()).isEqualTo(Ja4.of(first).toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.3", "BORINGSSL, TLSv1.2", "JDK, TLSv1.3", "JDK, TLSv1.2"})
    void tellsAResumedSession(TlsProvider provider, String tlsVersion) throws Exception {
        try (MirrorServer server = MirrorServer.start(
                DEFAULTS.withProvider(provider).withTlsVersions(tlsVersion).withAlpn())) {
            SSLContext context = TrustedClients.tls(server);
            for (int connection = 0; connection < 2; connection++) {
                try (SSLSocket socket = TrustedClients.socket(context, server)) {
                    socket.getOutputStream()
                            .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                    assertThat(response).contains("\"resumed\" : " + (connection == 1));
                }
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS);
                SSLSocket socket = TrustedClients.socket(TrustedClients.tls(server), server)) {
            String requests = String.join(
                    "\r\n",
                    List.of(
                            "GET /delay/20 HTTP/1.1",
                            "Host: a",
                            "",
                            "POST /echo HTTP/1.1",
                            "Host: a",
                            "Expect: 100-continue",
                            "Transfer-Encoding: chunked",
                            "",
                            "5",
                            "hello",
                            "0",
                            "",
                            "GET /status/404 HTTP/1.1",
                            "Host: a",
                            "Connection: close",
                            "",
                            ""));
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            String responses = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            List<String> statusLines = Pattern.compile("HTTP/1\\.1 [0-9]+")
                    .matcher(responses)
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(statusLines).containsExactly("HTTP/1.1 200", "HTTP/1.1 100", "HTTP/1.1 200", "HTTP/1.1 404");
            assertThat(responses).contains("\r\n\r\nhello");
            assertThat(server.connections().get(0).http1Heads()).hasSize(3);
        }
    }

    @Test
    void theCertificateHoldsForTheNamesAskedFor() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS.withNames("shop.test", "127.0.0.9"))) {
            SSLContext context = TrustedClients.tls(server);
            try (SSLSocket socket = TrustedClients.socket(context, server)) {
                socket.startHandshake();
                X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                Collection<List<?>> names = leaf.getSubjectAlternativeNames();
                assertThat(names.stream().map(name -> name.get(1)).collect(Collectors.toSet()))
                        .isEqualTo(Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "shop.test", "127.0.0.9"));
                leaf.verify(server.caCertificate().getPublicKey());
                leaf.checkValidity();
            }
        }
    }

    @Test
    void aClientWithoutTheAuthorityIsRefusedByItself() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            HttpClient client = HttpClient.newHttpClient();
            assertThatIOException()
                    .isThrownBy(() -> TrustedClients.get(client, server, "x"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void writesTheAuthorityAsPem(@TempDir Path directory) throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            Path file = directory.resolve("a/b/ca.pem");
            server.writeCa(file);
            try (InputStream in = java.nio.file.Files.newInputStream(file)) {
                assertThat(CertificateFactory.getInstance("X.509").generateCertificate(in))
                        .isEqualTo(server.caCertificate());
            }
        }
    }

    @Test
    void saysWhyItCannotStart() throws Exception {
        try (MirrorServer server = MirrorServer.start(DEFAULTS)) {
            assertThatIOException()
                    .isThrownBy(() -> MirrorServer.start(DEFAULTS.withPort(server.port())))
                    .withMessageContaining("127.0.0.1 port " + server.port());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MirrorServer.start(DEFAULTS.withForcedGroup("secp999")))
                .withMessageContaining("secp999");
        assertThat(mirrorThreads()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsProvider.class,
            names = {"BORINGSSL", "JDK"})
    void closingEndsConnectionsAndThreads(TlsProvider provider) throws Exception {
        MirrorServer server = MirrorServer.start(DEFAULTS.withProvider(provider));
        SSLSocket socket = TrustedClients.socket(TrustedClients.tls(server), server);
        socket.startHandshake();
        HttpClient client = TrustedClients.http(server, Version.HTTP_2);
        mirror(client, server, "x");
        CompletableFuture<HttpResponse<String>> pending =
                client.sendAsync(TrustedClients.request(server, "delay/600000").build(), BodyHandlers.ofString());
        assertThat(mirrorThreads()).isNotEmpty();

        server.close();
        server.close();

        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        assertThat(pending).failsWithin(TrustedClients.TIMEOUT);
        assertThat(mirrorThreads()).isEmpty();
        socket.close();
    }

    /** The server's threads that still run; one that is just ending is waited for. */
    private static List<Thread> mirrorThreads() throws InterruptedException {
        List<Thread> running = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("utls-mirror")) {
                thread.join(100);
                if (thread.isAlive()) {
                    running.add(thread);
                }
            }
        }
        return running;
    }
}
