package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.BaseSubscriber;

/** Many threads on a few connections, and a body much larger than the memory it may take. */
class LoadTest {

    private static final boolean FULL = Boolean.getBoolean("utls.full");
    private static final int THREADS = 64;
    private static final int REQUESTS = FULL ? 20_000 : 4_000;
    private static final long STREAM = FULL ? 1L << 30 : 64L << 20;
    private static final long SECONDS = 300;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static Mirror mirror;
    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() throws Exception {
        mirror = Mirror.start();
        context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(mirror.properties("spring.main.banner-mode=off", "httpclient5.utls.timeouts.operation=10m"))
                .run();
    }

    @AfterAll
    static void stop() throws Exception {
        context.close();
        mirror.close();
    }

    @Test
    void manyThreadsShareTheConnections() throws Exception {
        RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
        AtomicInteger left = new AtomicInteger(REQUESTS);
        AtomicInteger right = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                for (int number = left.getAndDecrement(); number > 0; number = left.getAndDecrement()) {
                    try {
                        int size = number % 1000;
                        byte[] body = template.getForObject(mirror.url("/bytes/" + size), byte[].class);
                        if ((body == null ? 0 : body.length) == size) {
                            right.incrementAndGet();
                        }
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(right).hasValue(REQUESTS);
        HotConnectionManager manager = context.getBean(HotConnectionManager.class);
        await(() -> manager.snapshot().inFlight() == 0);
        assertThat(manager.snapshot().open()).isBetween(1, 10);
        assertThat(mirror.server().connections().size()).isLessThanOrEqualTo(10);
    }

    /** While the subscriber asks for nothing, the server is stopped by flow control; what was received is bounded. */
    @Test
    void aStreamWaitsForItsSubscriber() throws Exception {
        WebClient client = context.getBean(WebClient.Builder.class).build();
        AtomicLong received = new AtomicLong();
        AtomicLong peak = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicReference<Subscription> subscription = new AtomicReference<>();
        client.get()
                .uri(mirror.url("/bytes/" + STREAM))
                .retrieve()
                .bodyToFlux(DataBuffer.class)
                .subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription given) {
                        subscription.set(given);
                        given.request(1);
                    }

                    @Override
                    protected void hookOnNext(DataBuffer buffer) {
                        long before = received.getAndAdd(buffer.readableByteCount());
                        DataBufferUtils.release(buffer);
                        if (before / (8 << 20) != received.get() / (8 << 20)) {
                            peak.accumulateAndGet(used(), Math::max);
                        }
                        if (before > 0) {
                            request(1);
                        }
                    }

                    @Override
                    protected void hookOnComplete() {
                        ended.countDown();
                    }

                    @Override
                    protected void hookOnError(Throwable cause) {
                        failure.set(cause);
                        ended.countDown();
                    }
                });
        await(() -> received.get() > 0);
        long first = received.get();
        long heap = used();
        // other requests on the same connection are not held up by the stream that stands still
        for (int i = 0; i < 20; i++) {
            assertThat(client.get()
                            .uri(mirror.url("/bytes/1000"))
                            .retrieve()
                            .bodyToMono(byte[].class)
                            .block())
                    .hasSize(1000);
        }
        assertThat(received).as("nothing that was not asked for").hasValue(first);
        Objects.requireNonNull(subscription.get()).request(1);
        assertThat(ended.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(failure.get()).isNull();
        assertThat(received).hasValue(STREAM);
        assertThat(peak.get() - heap)
                .as("bytes of heap for a body of " + STREAM)
                .isLessThan(48L << 20);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
