package io.github.hc5.utls.it.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.Utls;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.security.KeyStore;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocking use: whoever gives up an exchange gives back its connection. */
@SuppressWarnings("NullAway.Init") // each test begins with start
class BlockingClientTest {

    private static final int SECONDS = 30;

    private MirrorServer mirror;
    private HotConnectionManager manager;
    private CloseableHttpClient client;

    private void start(String protocol, Timeout timeout) throws Exception {
        mirror = MirrorServer.start(
                protocol.equals("h2")
                        ? MirrorSettings.defaults()
                        : MirrorSettings.defaults().withAlpn("http/1.1"));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("mirror", mirror.caCertificate());
        manager = Utls.connectionManagerBuilder(UtlsSslContext.builder()
                        .profile(BrowserProfiles.find("chrome"))
                        .trustStore(store)
                        .build())
                .build();
        client = Utls.classicClient(manager, timeout);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        mirror.close();
    }

    private HttpGet get(String path) {
        return new HttpGet(mirror.url() + path);
    }

    private static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void anInterruptedCallerLeavesNoExchange(String protocol) throws Exception {
        start(protocol, Timeout.ofSeconds(SECONDS));
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                client.execute(get("delay/600000"), response -> response.getCode());
            } catch (Exception e) {
                flag.set(Thread.currentThread().isInterrupted());
                outcome.complete(e);
            }
        });
        caller.start();
        until("a request in flight", () -> manager.snapshot().inFlight() == 1);
        caller.interrupt();
        assertThat(outcome.get(SECONDS, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
        assertThat(flag).isTrue();
        until("nothing in flight", () -> manager.snapshot().inFlight() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void whoWaitedLongEnoughLeavesNoExchange(String protocol) throws Exception {
        start(protocol, Timeout.ofMilliseconds(1500));
        assertThatThrownBy(() -> client.execute(get("delay/600000"), response -> response.getCode()))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("1500 MILLISECONDS");
        until("nothing in flight", () -> manager.snapshot().inFlight() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void aLargeRestIsNotRead(String protocol) throws Exception {
        start(protocol, Timeout.ofSeconds(SECONDS));
        try (ClassicHttpResponse response = client.executeOpen(null, get("bytes/10000000000"), null)) {
            InputStream content = response.getEntity().getContent();
            assertThat(content.readNBytes(1000)).hasSize(1000);
        }
        until("nothing in flight", () -> manager.snapshot().inFlight() == 0);
        int status = client.execute(get("again"), ClassicHttpResponse::getCode);
        assertThat(status).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void aSmallRestKeepsTheConnection(String protocol) throws Exception {
        start(protocol, Timeout.ofSeconds(SECONDS));
        for (int i = 0; i < 3; i++) {
            try (ClassicHttpResponse response = client.executeOpen(null, get("bytes/20000"), null)) {
                assertThat(response.getCode()).isEqualTo(200);
            }
            until("nothing in flight", () -> manager.snapshot().inFlight() == 0);
        }
        assertThat(mirror.connections()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void bodiesOfAllKindsArrive(String protocol) throws Exception {
        start(protocol, Timeout.ofSeconds(SECONDS));
        for (int size : new int[] {0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000}) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            HttpEntity[] entities = {
                new ByteArrayEntity(content, ContentType.APPLICATION_OCTET_STREAM),
                new ByteArrayEntity(content, ContentType.APPLICATION_OCTET_STREAM, true),
                new InputStreamEntity(new ByteArrayInputStream(content), ContentType.APPLICATION_OCTET_STREAM),
                new InputStreamEntity(new ByteArrayInputStream(content), size, ContentType.APPLICATION_OCTET_STREAM)
            };
            for (HttpEntity entity : entities) {
                HttpPost request = new HttpPost(mirror.url() + "echo");
                request.setEntity(entity);
                byte[] echo = client.execute(request, BlockingClientTest::bytes);
                assertThat(echo).as(entity + " of " + size).isEqualTo(content);
            }
        }
        until("nothing in flight", () -> manager.snapshot().inFlight() == 0);
    }

    /** An empty body over HTTP/2 may be none. */
    private static byte[] bytes(ClassicHttpResponse response) throws IOException {
        return response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
    }
}
