package io.github.hc5.utls.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;

class TargetAddressesTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private List<String> answer = List.of("192.0.2.1", "192.0.2.2");
    private long now = 11;

    private final DnsResolver dns = new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            asked.add(host);
            if (answer.isEmpty()) {
                throw new UnknownHostException(host);
            }
            List<InetAddress> result = new ArrayList<>();
            for (String text : answer) {
                result.add(InetAddress.getByName(text));
            }
            return result.toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    };

    private final TargetAddresses addresses = with(AddressSettings.defaults());

    private TargetAddresses with(AddressSettings settings) {
        return new TargetAddresses(dns, settings, tasks::add, () -> now);
    }

    private static InetSocketAddress at(String ip) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(ip), 443);
    }

    private List<InetSocketAddress> done(CompletableFuture<List<InetSocketAddress>> future) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        return future.join();
    }

    @Test
    void anErrorOfTheResolverIsToldAndTheHostIsAskedForAgain() {
        boolean[] broken = {true};
        DnsResolver breaking = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                if (broken[0]) {
                    throw new NoClassDefFoundError("resolver");
                }
                return dns.resolve(host);
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
        TargetAddresses asking = new TargetAddresses(breaking, AddressSettings.defaults(), tasks::add, () -> now);
        assertThatThrownBy(() -> done(asking.find("a.example", 443)))
                .hasRootCauseInstanceOf(NoClassDefFoundError.class);
        broken[0] = false;

        assertThat(done(asking.find("a.example", 443))).hasSize(2);
    }

    @Test
    void concurrentQuestionsAskOnceAndTheAnswerIsRemembered() throws Exception {
        CompletableFuture<List<InetSocketAddress>> first = addresses.find("A.example", 443);
        CompletableFuture<List<InetSocketAddress>> second = addresses.find("a.example", 443);
        assertThat(first).isNotDone();
        assertThat(tasks).hasSize(1);

        assertThat(done(first)).containsExactly(at("192.0.2.1"), at("192.0.2.2"));
        assertThat(second).isCompletedWithValue(first.join());
        assertThat(addresses.find("a.example", 443)).isCompleted();
        assertThat(asked).hasSize(1);
    }

    @Test
    void theAnswerIsRememberedForExactlyTheInterval() {
        done(addresses.find("a.example", 443));
        now += Duration.ofMinutes(30).toNanos() - 1;
        assertThat(addresses.find("a.example", 443)).isCompleted();
        now++;
        assertThat(addresses.find("a.example", 443)).isNotDone();
    }

    @Test
    void whatWasKnownIsKeptWhenDnsFails() throws Exception {
        done(addresses.find("a.example", 443));
        answer = List.of();
        assertThat(done(addresses.refresh("a.example", 443))).containsExactly(at("192.0.2.1"), at("192.0.2.2"));
        assertThat(addresses.failures()).isEqualTo(1);

        answer = List.of("192.0.2.3");
        assertThat(done(addresses.refresh("a.example", 443))).containsExactly(at("192.0.2.3"));
    }

    @Test
    void aNameNobodyKnowsFails() {
        answer = List.of();
        CompletableFuture<List<InetSocketAddress>> found = addresses.find("a.example", 443);
        tasks.remove().run();
        assertThat(found).isCompletedExceptionally();
        assertThat(found.handle((ok, e) -> e).join()).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void fixedAddressesAreMergedAndServeWhereDnsFails() throws Exception {
        TargetAddresses merged = with(AddressSettings.builder()
                .fixedAddresses(Map.of(
                        "a.example", List.of(InetAddress.getByName("192.0.2.2"), InetAddress.getByName("2001:db8::1"))))
                .build());
        assertThat(done(merged.find("A.Example", 443)))
                .containsExactly(at("192.0.2.1"), at("192.0.2.2"), at("2001:db8::1"));

        answer = List.of();
        assertThat(done(with(AddressSettings.builder()
                                .fixedAddresses(Map.of("b.example", List.of(InetAddress.getByName("192.0.2.9"))))
                                .build())
                        .find("b.example", 443)))
                .containsExactly(at("192.0.2.9"));
    }

    @Test
    void aLiteralIsResolvedOnTheSpot() {
        answer = List.of("192.0.2.7");
        assertThat(addresses.find("192.0.2.7", 443)).isCompleted();
        assertThat(tasks).isEmpty();
    }

    @Test
    void afterTheExecutorHasEndedNothingIsFound() {
        TargetAddresses closed = new TargetAddresses(
                dns,
                AddressSettings.defaults(),
                task -> {
                    throw new RejectedExecutionException();
                },
                () -> now);
        assertThat(closed.find("a.example", 443).handle((ok, e) -> e).join())
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void hostsAreForgottenWhenNobodyAsks() {
        for (int i = 0; i < 1000; i++) {
            done(addresses.find("h" + i + ".example", 443));
        }
        assertThat(addresses.size()).isEqualTo(1000);
        now += Duration.ofHours(1).toNanos();
        assertThat(addresses.size()).isZero();
    }
}
