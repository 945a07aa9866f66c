package io.github.hc5.utls.it.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.hc5.utls.Utls;
import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.Ja4;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client made from a file is what the file says, and follows it while it works. */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome shows in the callbacks
class LiveConfigurationTest {

    private static final int SECONDS = 60;

    private static MirrorServer mirror;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        mirror = MirrorServer.start(MirrorSettings.defaults());
    }

    @AfterAll
    static void stop() {
        mirror.close();
    }

    /** Writes the configuration: trust in the mirror, looks on demand only, and the given lines. */
    private Path write(String... lines) throws IOException {
        Path authority = folder.resolve("ca.pem");
        mirror.writeCa(authority);
        String toml = "reload.interval = 0\ntls.trust_store = \"" + authority + "\"\n" + String.join("\n", lines);
        return Files.writeString(folder.resolve("utls.toml"), toml);
    }

    private static SimpleHttpResponse get(CloseableHttpAsyncClient client, String path) throws Exception {
        SimpleHttpRequest request =
                SimpleRequestBuilder.get(mirror.url() + path).build();
        return client.execute(request, null).get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void theFileChoosesTheBrowser() throws Exception {
        Path file = write("fingerprint.profile = \"firefox-153\"");
        try (CloseableHttpAsyncClient client =
                Utls.asyncClient(ConfigLoader.empty().file(file).load())) {
            JsonNode seen = new ObjectMapper().readTree(get(client, "").getBodyText());
            assertThat(seen.get("ja4").asText())
                    .isEqualTo(
                            Ja4.of(BrowserProfiles.find("firefox-153").hello()).toString());
        }
    }

    @Test
    void blockingClientsAreMadeFromItToo() throws Exception {
        Path file = write("tls.http_version = \"http1\"");
        try (CloseableHttpClient client =
                Utls.classicClient(ConfigLoader.empty().file(file).load())) {
            String body =
                    client.execute(new HttpGet(mirror.url()), response -> EntityUtils.toString(response.getEntity()));
            assertThat(new ObjectMapper().readTree(body).get("alpn").asText()).isEqualTo("http/1.1");
        }
    }

    @Test
    void anotherBrowserIsShownOnConnectionsOpenedAfterTheChange() throws Exception {
        Path file = write("fingerprint.profile = \"firefox-153\"");
        UtlsParts parts = UtlsParts.load(ConfigLoader.empty().file(file));
        try (CloseableHttpAsyncClient client = parts.asyncClient()) {
            String before = new ObjectMapper()
                    .readTree(get(client, "").getBodyText())
                    .get("ja4")
                    .asText();
            write("fingerprint.profile = \"safari-18.5\"");
            assertThat(parts.reload()).isTrue();
            // the answer is handed over before its connection is given back
            while (parts.manager().getTotalStats().getLeased() > 0) {
                Thread.onSpinWait();
            }
            parts.manager().retireIdle();

            String after = new ObjectMapper()
                    .readTree(get(client, "").getBodyText())
                    .get("ja4")
                    .asText();
            assertThat(after)
                    .isNotEqualTo(before)
                    .isEqualTo(
                            Ja4.of(BrowserProfiles.find("safari-18.5").hello()).toString());
        }
    }

    @Test
    void anAddressOfTheBlacklistIsRefusedFromTheNextLeaseOn() throws Exception {
        Path file = write("retry.connect_tries = 1");
        UtlsParts parts = UtlsParts.load(ConfigLoader.empty().file(file));
        try (CloseableHttpAsyncClient client = parts.asyncClient()) {
            assertThat(get(client, "").getCode()).isEqualTo(200);

            write("retry.connect_tries = 1", "blacklist.ips = [\"127.0.0.0/8\"]");
            assertThat(parts.reload()).isTrue();
            assertThatThrownBy(() -> get(client, "")).hasMessageContaining("127.0.0.1");

            write("retry.connect_tries = 1");
            assertThat(parts.reload()).isTrue();
            assertThat(get(client, "").getCode()).isEqualTo(200);
        }
    }

    @Test
    void theMostUrgentGoesFirstOnceTheFileSaysSo() throws Exception {
        String[] one = {"tls.http_version = \"http1\"", "pool.max_conns_per_host = 1", ""};
        Path file = write(one);
        UtlsParts parts = UtlsParts.load(ConfigLoader.empty().file(file));
        try (CloseableHttpAsyncClient client = parts.asyncClient()) {
            assertThat(firstOfTwo(parts, client)).isEqualTo("patient");

            one[2] = "[scheduling]\nby_deadline = true\nguaranteed_budget = 20";
            write(one);
            assertThat(parts.reload()).isTrue();
            assertThat(firstOfTwo(parts, client)).isEqualTo("urgent");
        }
    }

    /** While the only connection is busy, a patient request comes and then an urgent one: returns who is answered first. */
    private static String firstOfTwo(UtlsParts parts, CloseableHttpAsyncClient client) throws Exception {
        BlockingQueue<String> answered = new LinkedBlockingQueue<>();
        send(client, "delay/300", 55, answered);
        Await.until(
                "the connection is busy", () -> parts.manager().getTotalStats().getLeased() == 1);
        send(client, "patient", 50, answered);
        Await.until("one waits", () -> parts.manager().snapshot().waiting() == 1);
        send(client, "urgent", 10, answered);
        Await.until("two wait", () -> parts.manager().snapshot().waiting() == 2 || !answered.isEmpty());
        assertThat(answered.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("delay/300");
        String first = String.valueOf(answered.poll(SECONDS, TimeUnit.SECONDS));
        answered.poll(SECONDS, TimeUnit.SECONDS);
        return first;
    }

    private static void send(
            CloseableHttpAsyncClient client, String path, int waitSeconds, BlockingQueue<String> answered) {
        SimpleHttpRequest request =
                SimpleRequestBuilder.get(mirror.url() + path).build();
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.ofSeconds(waitSeconds))
                .build());
        client.execute(request, new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                answered.add(path);
            }

            @Override
            public void failed(Exception cause) {
                answered.add(path + ": " + cause);
            }

            @Override
            public void cancelled() {
                answered.add(path + " was cancelled");
            }
        });
    }

    @Test
    void aWrongFileChangesNothing() throws Exception {
        Path file = write("pool.max_connections = 50");
        UtlsParts parts = UtlsParts.load(ConfigLoader.empty().file(file));
        try (CloseableHttpAsyncClient client = parts.asyncClient()) {
            write("pool.max_connections = 60", "pool.max_idle_conns = -1");
            assertThat(parts.reload()).isFalse();

            assertThat(parts.manager().getMaxTotal()).isEqualTo(50);
            assertThat(get(client, "").getCode()).isEqualTo(200);
        }
    }

    @Test
    void limitsGoUpAndDownUnderLoad() throws Exception {
        String http1 = "tls.http_version = \"http1\"";
        Path file = write(http1, "pool.max_conns_per_host = 2");
        UtlsParts parts = UtlsParts.load(ConfigLoader.empty().file(file));
        try (CloseableHttpAsyncClient client = parts.asyncClient();
                Load load = new Load(client, mirror.url() + "delay/5", 16)) {
            Await.until("two connections", () -> parts.manager().snapshot().open() == 2);

            write(http1, "pool.max_conns_per_host = 8");
            assertThat(parts.reload()).isTrue();
            Await.until("eight connections", () -> parts.manager().snapshot().open() == 8);

            write(http1, "pool.max_conns_per_host = 8", "[limits.\"localhost\"]", "connections = 3");
            assertThat(parts.reload()).isTrue();
            Await.until("three connections", () -> parts.manager().snapshot().open() == 3);

            write(http1, "[pool]", "max_connections = 1");
            assertThat(parts.reload()).isTrue();
            Await.until("one connection", () -> parts.manager().snapshot().open() == 1);
            int before = load.succeeded.get();
            Await.until("more answers", () -> load.succeeded.get() > before + 16);
            load.end();
            assertThat(load.failed.get()).isZero();
        }
    }

    @Test
    void twoThousandLinesAreTakenOverUnderLoadWithoutAFailure() throws Exception {
        Path file = write(lines(0));
        UtlsParts parts = UtlsParts.load(ConfigLoader.empty().file(file));
        try (CloseableHttpAsyncClient client = parts.asyncClient();
                Load load = new Load(client, mirror.url() + "bytes/1000", 32)) {
            for (int round = 1; round <= 5; round++) {
                int before = load.succeeded.get();
                Await.until("answers", () -> load.succeeded.get() > before + 100);
                write(lines(round));
                assertThat(parts.reload()).isTrue();
                assertThat(parts.manager().getMaxTotal()).isEqualTo(200 + round);
            }
            int before = load.succeeded.get();
            Await.until("answers", () -> load.succeeded.get() > before + 100);
            load.end();
            assertThat(load.failed.get()).isZero();
        }
        assertThat(Files.readAllLines(file)).hasSizeGreaterThan(2000);
    }

    private static String[] lines(int round) {
        StringBuilder text = new StringBuilder("pool.max_connections = " + (200 + round) + "\n");
        text.append("[blacklist]\nips = [\n");
        for (int i = 0; i < 1000; i++) {
            text.append("  \"10.").append(i / 250).append('.').append(i % 250).append(".0/24\",\n");
        }
        text.append("]\n");
        for (int i = 0; i < 340; i++) {
            text.append("[limits.\"*.host-").append(i).append(".example.com\"]\nconnections = ");
            text.append(5 + (i + round) % 40).append("\nrate = 100\n");
        }
        return text.toString().split("\n", -1);
    }

    /** Requests, so many at a time, until it is closed. */
    private static final class Load implements AutoCloseable {

        private final CloseableHttpAsyncClient client;
        private final String uri;
        private final int concurrency;
        private final Semaphore slots;
        private final AtomicBoolean over = new AtomicBoolean();
        final AtomicInteger succeeded = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();

        Load(CloseableHttpAsyncClient client, String uri, int concurrency) {
            this.client = client;
            this.uri = uri;
            this.concurrency = concurrency;
            this.slots = new Semaphore(concurrency);
            Thread sender = new Thread(this::send, "load");
            sender.setDaemon(true);
            sender.start();
        }

        private void send() {
            while (!over.get()) {
                slots.acquireUninterruptibly();
                client.execute(SimpleRequestBuilder.get(uri).build(), new FutureCallback<>() {
                    @Override
                    public void completed(SimpleHttpResponse response) {
                        (response.getCode() == 200 ? succeeded : failed).incrementAndGet();
                        slots.release();
                    }

                    @Override
                    public void failed(Exception cause) {
                        failed.incrementAndGet();
                        slots.release();
                    }

                    @Override
                    public void cancelled() {
                        failed.incrementAndGet();
                        slots.release();
                    }
                });
            }
        }

        @Override
        public void close() {
            end();
        }

        /** Sends no more, and waits for what is in flight. */
        void end() {
            if (over.compareAndSet(false, true)) {
                Await.until("all requests have ended", () -> slots.availablePermits() == concurrency);
            }
        }
    }
}
