package io.github.hc5.utls.samples.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolSnapshot;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service under load with a bad target among good ones: seconds by default, two minutes with {@code -Pfull}. */
@Timeout(300)
class LoadTest {

    private static final boolean FULL = Boolean.getBoolean("utls.full");
    private static final int CALLERS = 8;
    private static final int URLS = 200;

    /** One in so many leads to the bad target. */
    private static final int BAD_ONE_IN = 40;

    @TempDir
    private static Path directory;

    /** Takes connections and drops them. */
    private static final class BadTarget implements AutoCloseable {

        private final ServerSocket server =
                new ServerSocket(0, 64, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));

        private BadTarget() throws IOException {
            Thread thread = new Thread(this::run, "bad-target");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                while (true) {
                    try (Socket socket = server.accept()) {
                        socket.setSoLinger(true, 0);
                    }
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** What the callers saw. */
    private static final class Tally {
        final AtomicInteger answers = new AtomicInteger();
        final AtomicLong good = new AtomicLong();
        final AtomicLong bad = new AtomicLong();
        final AtomicLong notDone = new AtomicLong();
        final AtomicInteger refused = new AtomicInteger();

        long lines() {
            return good.get() + bad.get() + notDone.get();
        }
    }

    private static List<String> urls(TargetServer site, MirrorServer mirror, BadTarget bad) {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < URLS; i++) {
            urls.add(
                    i % BAD_ONE_IN == 7
                            ? "http://127.0.0.1:" + bad.port() + "/" + i
                            : i % 2 == 0 ? site.url("/" + i) : mirror.url() + i);
        }
        return urls;
    }

    /** Sends one request and checks that each of its URLs has one line, or that it was refused as a whole. */
    private static void call(Service service, List<String> urls, int badPort, Tally tally) throws Exception {
        Service.Lines opened;
        try {
            opened = service.open(urls);
        } catch (IOException e) {
            tally.refused.incrementAndGet();
            throw e;
        }
        try (Service.Lines lines = opened) {
            if (lines.response.statusCode() != 200) {
                assertThat(lines.response.statusCode()).isEqualTo(503);
                tally.refused.incrementAndGet();
                return;
            }
            tally.answers.incrementAndGet();
            BitSet seen = new BitSet();
            for (JsonNode line = lines.next(); line != null; line = lines.next()) {
                int index = line.get("index").intValue();
                assertThat(seen.get(index)).isFalse();
                seen.set(index);
                boolean isBad = urls.get(index).contains(":" + badPort + "/");
                if (line.path("error").path("type").asString("").endsWith("shutting-down")) {
                    tally.notDone.incrementAndGet();
                } else if (isBad) {
                    assertThat(line.has("error")).isTrue();
                    tally.bad.incrementAndGet();
                } else {
                    assertThat(line.path("status").asInt(0)).as(line.toString()).isEqualTo(200);
                    tally.good.incrementAndGet();
                }
            }
            assertThat(seen.cardinality()).isEqualTo(urls.size());
        }
    }

    private static List<CompletableFuture<Void>> callers(
            ExecutorService threads, AtomicBoolean over, Service service, List<String> urls, int badPort, Tally tally) {
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            while (!over.get()) {
                                call(service, urls, badPort, tally);
                            }
                        } catch (IOException e) {
                            // not accepted: the service has gone; otherwise an answer broke off
                            if (tally.refused.get() == 0) {
                                throw new AssertionError(e);
                            }
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    },
                    threads));
        }
        return callers;
    }

    /** Returns the hosts that do not answer, as the health endpoint has them. */
    private static JsonNode failing(Service service) throws Exception {
        return Service.JSON.readTree(service.get("/health").body()).at("/components/targets/details/failing");
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void nothingLeaksNothingAcceptedIsLostAndTheBadHostIsNamed() throws Exception {
        MirrorServer mirror = MirrorServer.start(MirrorSettings.defaults().withHistorySize(1));
        Path ca = directory.resolve("ca.pem");
        mirror.writeCa(ca);
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try (mirror;
                TargetServer site = new TargetServer();
                BadTarget bad = new BadTarget();
                Service service = Service.start(
                        "crawler.shutdown=10s",
                        "crawler.limits.streams=32",
                        "spring.ssl.bundle.pem.mirror.truststore.certificate=" + ca.toUri(),
                        "spring.http.clients.ssl.bundle=mirror")) {
            List<String> urls = urls(site, mirror, bad);
            Tally tally = new Tally();
            call(service, urls, bad.port(), tally);
            long heap = usedHeap();
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Void>> callers = callers(threads, over, service, urls, bad.port(), tally);
            // while it is asked for: it takes connections, so that the pool thinks better of it now and then
            String badHost = "http://127.0.0.1:" + bad.port();
            Await.until(() -> failing(service).has(badHost)
                    || callers.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FULL ? 120 : 2);
            Await.until(() -> System.nanoTime() - end >= 0
                    || callers.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            over.set(true);
            CompletableFuture.allOf(callers.toArray(CompletableFuture<?>[]::new))
                    .get(60, TimeUnit.SECONDS);
            assertThat(tally.good.get()).isGreaterThan(URLS);
            assertThat(tally.bad.get()).isEqualTo((long) tally.answers.get() * URLS / BAD_ONE_IN);
            assertThat(tally.notDone.get()).isZero();

            // nothing is left behind
            Fetches fetches = service.context.getBean(Fetches.class);
            FetchMeter meter = service.context.getBean(FetchMeter.class);
            HotConnectionManager manager = service.context.getBean(HotConnectionManager.class);
            Await.until(() -> fetches.streams() == 0 && manager.snapshot().inFlight() == 0);
            PoolSnapshot after = manager.snapshot();
            assertThat(after.waiting()).isZero();
            assertThat(after.open()).isLessThanOrEqualTo(after.maxTotal());
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("utls-batch-"));
            assertThat(usedHeap() - heap).isLessThan(64L << 20);

            // the bad host is no reason to take the service away
            assertThat(service.get("/ready").statusCode()).isEqualTo(200);
            assertThat(service.get("/live").statusCode()).isEqualTo(200);

            // and under load it ends in its time, with an answer for each URL that it had accepted
            over.set(false);
            Tally last = new Tally();
            List<CompletableFuture<Void>> late = callers(threads, over, service, urls, bad.port(), last);
            Await.until(() -> last.answers.get() >= CALLERS);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(service::close);
            closing.get(30, TimeUnit.SECONDS);
            over.set(true);
            CompletableFuture.allOf(late.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);
            assertThat(last.refused.get()).isPositive();
            // what the service counted is what the callers have read
            assertThat(meter.totals().total()).isEqualTo(tally.lines() + last.lines());
            assertThat(manager.snapshot().inFlight()).isZero();
            System.out.printf(
                    "%d requests of %d URLs: %d answered, %d of the bad host; while ending: %d requests, %d not done%n",
                    tally.answers.get(),
                    URLS,
                    tally.good.get(),
                    tally.bad.get(),
                    last.answers.get(),
                    last.notDone.get());
        } finally {
            threads.shutdownNow();
        }
    }
}
