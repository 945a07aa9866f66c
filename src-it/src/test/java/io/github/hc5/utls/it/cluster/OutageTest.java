package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.ClusterState;
import io.github.hc5.utls.it.servers.CertificateAuthority;
import io.github.hc5.utls.it.servers.Identity;
import io.github.hc5.utls.it.servers.KeyKind;
import io.github.hc5.utls.it.servers.TestPki;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis goes away, comes back empty, dawdles and refuses: no request fails, the state is seen, and it heals by itself. */
class OutageTest {

    private static final int LIMIT = 8;
    private static final long DOWN_MILLIS = Boolean.getBoolean("utls.full") ? 20_000 : 3_500;

    private static ClusterSettings.Builder settings(String uri) {
        return ClusterSettings.builder(uri)
                .maxPerHost(LIMIT)
                .lease(Duration.ofSeconds(2))
                .heartbeat(Duration.ofMillis(300));
    }

    private static String uri(CountingServer server) {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    private static void becomes(Load load, ClusterState state) {
        Await.until(
                20_000,
                () -> state + ": " + load.permits.health(),
                () -> load.permits.health().state() == state);
    }

    private static void pass(long millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        Await.until(millis + 5000, () -> "time is up", () -> System.nanoTime() - end > 0);
    }

    private static void noneFailed(Load... loads) {
        for (Load load : loads) {
            assertThat(load.failed.get()).as("%s", load.failure).isZero();
        }
    }

    @Test
    void stoppedRestartedEmptyAndSlow() throws Exception {
        try (RedisServer redis = RedisServer.running();
                SlowProxy proxy = new SlowProxy(redis.port());
                CountingServer server = new CountingServer(50);
                Load one = new Load(settings(redis.uri()).build(), uri(server), 8);
                Load two = new Load(settings(proxy.uri()).build(), uri(server), 8)) {
            becomes(one, ClusterState.UP);
            becomes(two, ClusterState.UP);
            Await.until(
                    "they see one another",
                    () -> one.permits.health().nodes() == 2
                            && two.permits.health().nodes() == 2);
            one.progress(500);
            two.progress(500);
            assertThat(server.most()).isLessThanOrEqualTo(LIMIT);

            redis.stop();
            becomes(one, ClusterState.DOWN);
            one.progress(500);
            two.progress(500);
            pass(DOWN_MILLIS);
            Await.until("each keeps to its share", () -> server.open() <= LIMIT);
            one.progress(500);
            two.progress(500);
            redis.start();
            becomes(one, ClusterState.UP);
            becomes(two, ClusterState.UP);
            one.progress(500);
            two.progress(500);
            Await.until("the cap holds again", () -> server.open() <= LIMIT);

            redis.command("FLUSHALL");
            one.progress(500);
            two.progress(500);
            pass(1500);
            Await.until("the cap holds again", () -> server.open() <= LIMIT);
            server.resetMost();
            one.progress(500);
            two.progress(500);
            assertThat(server.most()).isLessThanOrEqualTo(LIMIT);

            proxy.delayMillis = 500;
            becomes(two, ClusterState.SLOW);
            two.progress(500);
            assertThat(two.permits.health().cause()).contains("250 ms");
            proxy.delayMillis = 0;
            becomes(two, ClusterState.UP);
            two.progress(500);
            noneFailed(one, two);
        }
    }

    @Test
    void wrongPassword() throws Exception {
        try (RedisServer redis = RedisServer.running("--requirepass", "right");
                CountingServer server = new CountingServer(50)) {
            try (Load load = new Load(settings(redis.uri()).password("right").build(), uri(server), 4)) {
                becomes(load, ClusterState.UP);
                load.progress(200);
                noneFailed(load);
            }
            try (Load load = new Load(settings(redis.uri()).password("s3cret").build(), uri(server), 4)) {
                becomes(load, ClusterState.REFUSED);
                load.progress(200);
                assertThat(load.permits.health().cause()).doesNotContain("s3cret");
                noneFailed(load);
            }
        }
    }

    @Test
    void tlsRightAndWrong(@TempDir Path directory) throws Exception {
        CertificateAuthority authority = new CertificateAuthority("redis test");
        Identity identity = authority.issueServer(KeyKind.ECDSA);
        Files.writeString(
                directory.resolve("cert.pem"),
                pem("CERTIFICATE", identity.leaf().getEncoded()));
        Files.writeString(
                directory.resolve("key.pem"),
                pem("PRIVATE KEY", identity.privateKey().getEncoded()));
        Path right = store(directory.resolve("right.p12"), authority.trustStore());
        Path wrong = store(directory.resolve("wrong.p12"), TestPki.CLIENTS.trustStore());
        try (RedisServer redis = RedisServer.running(
                        "--tls-port",
                        "PORT",
                        "--tls-auth-clients",
                        "no",
                        "--tls-cert-file",
                        directory.resolve("cert.pem").toString(),
                        "--tls-key-file",
                        directory.resolve("key.pem").toString());
                CountingServer server = new CountingServer(50)) {
            String uri = redis.uri().replace("redis:", "rediss:");
            try (Load load = new Load(
                    settings(uri)
                            .trustStore(right)
                            .trustStorePassword("changeit")
                            .build(),
                    uri(server),
                    4)) {
                becomes(load, ClusterState.UP);
                load.progress(200);
                noneFailed(load);
            }
            try (Load load = new Load(
                    settings(uri)
                            .trustStore(wrong)
                            .trustStorePassword("changeit")
                            .build(),
                    uri(server),
                    4)) {
                becomes(load, ClusterState.REFUSED);
                load.progress(200);
                noneFailed(load);
            }
        }
    }

    /** Several times, since requests and permits are at another point of their way each time. */
    @RepeatedTest(10)
    void nothingIsLeftAfterClose() throws Exception {
        try (RedisServer redis = RedisServer.running();
                CountingServer server = new CountingServer(50)) {
            Set<Thread> before = threads();
            Load load = new Load(settings(redis.uri()).build(), uri(server), 4);
            becomes(load, ClusterState.UP);
            load.progress(200);
            load.close();

            Await.until(
                    20_000,
                    () -> "no thread is left: " + left(before),
                    () -> left(before).isEmpty());
            Await.until("no connection to Redis is left", () -> clients(redis) <= 1);
            assertThat(redis.command("ZCARD", "utls:nodes")).isEqualTo(":0");
            assertThat(redis.command("GET", "utls:permits:host:127.0.0.1")).isEqualTo(String.valueOf(LIMIT));
            assertThat(load.permits.health().state()).isEqualTo(ClusterState.CLOSED);
        }
    }

    private static int clients(RedisServer redis) {
        try {
            return redis.command("INFO", "clients")
                    .lines()
                    .filter(line -> line.startsWith("connected_clients:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1)))
                    .sum();
        } catch (java.io.IOException e) {
            return Integer.MAX_VALUE;
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static List<String> left(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("utls") || name.contains("redisson") || name.contains("httpclient"))
                .collect(Collectors.toList());
    }

    private static Path store(Path file, KeyStore authorities) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (String alias : java.util.Collections.list(authorities.aliases())) {
            store.setCertificateEntry(alias, authorities.getCertificate(alias));
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return file;
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }
}
