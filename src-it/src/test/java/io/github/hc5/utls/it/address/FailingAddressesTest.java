package io.github.hc5.utls.it.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.pool.AddressSnapshot;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolListener;
import io.github.hc5.utls.pool.PoolSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers see when some or all of a host's addresses go bad. */
class FailingAddressesTest {

    private static final List<InetAddress> EIGHT = ManyAddresses.addresses(41, 8);

    private static int count(Map<Object, AtomicInteger> results, Object result) {
        AtomicInteger n = results.get(result);
        return n == null ? 0 : n.get();
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersionPolicy.class,
            names = {"NEGOTIATE", "FORCE_HTTP_1"})
    void anAddressThatAnswers403IsNotAskedAgainUntilItIsChecked(HttpVersionPolicy policy) throws Exception {
        InetAddress bad = EIGHT.get(3);
        try (ManyAddresses host = new ManyAddresses(policy).listen(EIGHT);
                HotConnectionManager manager = Load.manager(new Names(EIGHT))
                        .setBanSettings(BanSettings.builder()
                                .banTime(Duration.ofSeconds(2))
                                .build())
                        .build();
                CloseableHttpAsyncClient client = Load.client(manager)) {
            Load.run(client, host.uri(), 80, 1);
            int before = host.requests(bad);
            assertThat(before).isPositive();
            host.answer(bad, 403);

            Map<Object, AtomicInteger> results = Load.run(client, host.uri(), 400, 1);

            assertThat(count(results, 403)).isEqualTo(1);
            assertThat(count(results, 200)).isEqualTo(399);
            Await.until("it has been checked", () -> host.probes(bad) >= 1);
            assertThat(host.requests(bad)).isEqualTo(before + 1);
            Await.until("it is banned again", () -> manager.addresses().bans().size() == 1);

            host.answer(bad, 200);
            Await.until("it has come back", () -> manager.addresses().bans().isEmpty());
            Load.run(client, host.uri(), 80, 1);
            assertThat(host.requests(bad)).isGreaterThan(before + 1);
        }
    }

    @Test
    void aHostWhoseEveryAddressAnswers403IsCalledBlockedAndAskedAllTheSame() throws Exception {
        List<Boolean> blocked = new CopyOnWriteArrayList<>();
        try (ManyAddresses host = new ManyAddresses(HttpVersionPolicy.NEGOTIATE).listen(EIGHT);
                HotConnectionManager manager = Load.manager(new Names(EIGHT))
                        .setPoolListener(new PoolListener() {
                            @Override
                            public void hostBlocked(HttpRoute route, boolean isBlocked) {
                                blocked.add(isBlocked);
                            }
                        })
                        .build();
                CloseableHttpAsyncClient client = Load.client(manager)) {
            EIGHT.forEach(address -> host.answer(address, 403));

            assertThat(Load.run(client, host.uri(), 400, 4)).containsOnlyKeys(403);
            assertThat(blocked).containsExactly(true);

            EIGHT.forEach(address -> host.answer(address, 200));
            assertThat(Load.run(client, host.uri(), 100, 4)).containsOnlyKeys(200);
            assertThat(blocked).containsExactly(true, false);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersionPolicy.class,
            names = {"NEGOTIATE", "FORCE_HTTP_1"})
    void darkResettingSilentAndUntrustedAddressesFailNoRequest(HttpVersionPolicy policy) throws Exception {
        try (ManyAddresses host = new ManyAddresses(policy).listen(EIGHT.subList(0, 4));
                BadAddress dark = BadAddress.dark(EIGHT.get(4), host.port());
                BadAddress resetting = BadAddress.resetting(EIGHT.get(5), host.port());
                BadAddress silent = BadAddress.silent(EIGHT.get(6), host.port());
                ManyAddresses untrusted = host.untrusted().listen(EIGHT.subList(7, 8));
                HotConnectionManager manager = Load.manager(new Names(EIGHT))
                        .setPoolSettings(PoolSettings.builder()
                                .handshakeTimeout(Duration.ofSeconds(1))
                                .connectTimeout(Duration.ofSeconds(5))
                                .build())
                        .build();
                CloseableHttpAsyncClient client = Load.client(manager)) {
            assertThat(Load.run(client, host.uri(), 400, 4)).containsOnlyKeys(200);

            assertThat(dark.taken()).isZero();
            assertThat(resetting.taken()).isEqualTo(1);
            assertThat(silent.taken()).isEqualTo(1);
            assertThat(untrusted.requests(EIGHT.get(7))).isZero();
            HttpRoute route = manager.snapshot().routes().get(0).route();
            List<AddressSnapshot> seen = manager.addresses().of(route);
            assertThat(seen.subList(0, 4)).allMatch(a -> a.state() == AddressHealth.State.WELL);
            assertThat(seen.subList(4, 8)).noneMatch(a -> a.state() == AddressHealth.State.WELL);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersionPolicy.class,
            names = {"NEGOTIATE", "FORCE_HTTP_1"})
    void aRequestTriedAgainGoesToAnotherAddress(HttpVersionPolicy policy) throws Exception {
        List<InetAddress> two = ManyAddresses.addresses(71, 2);
        try (ManyAddresses host = new ManyAddresses(policy).listen(two);
                HotConnectionManager manager = Load.manager(new Names(two)).build();
                CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                        .setConnectionManager(manager)
                        .setRetryStrategy(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofMilliseconds(1)))
                        .build()) {
            client.start();
            Load.run(client, host.uri(), 20, 1);
            host.answer(two.get(0), 503);
            int before = host.requests(two.get(0));

            assertThat(Load.run(client, host.uri(), 40, 1)).containsOnlyKeys(200);
            assertThat(host.requests(two.get(0))).isGreaterThan(before);
        }
    }

    @Test
    void theErrorListsEachAddressWithItsCause() throws Exception {
        List<InetAddress> three = ManyAddresses.addresses(61, 3);
        try (ManyAddresses host = new ManyAddresses(HttpVersionPolicy.NEGOTIATE).listen(three.subList(0, 1));
                ManyAddresses untrusted = host.untrusted().listen(three.subList(1, 2));
                BadAddress resetting = BadAddress.resetting(three.get(2), host.port());
                HotConnectionManager manager = Load.manager(new Names(three))
                        .setAddressFilter(AddressFilter.builder()
                                .deny(three.get(0).getHostAddress())
                                .build())
                        .build();
                CloseableHttpAsyncClient client = Load.client(manager)) {
            assertThatThrownBy(() -> client.execute(SimpleHttpRequest.create("GET", host.uri()), null)
                            .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining(three.get(1).getHostAddress() + ":" + host.port() + ": ")
                    .hasMessageContaining(three.get(2).getHostAddress() + ":" + host.port() + ": ")
                    .satisfies(e -> assertThat(e.getMessage())
                            .doesNotContain(three.get(0).getHostAddress() + ":"));
            assertThat(resetting.taken()).isEqualTo(1);
            assertThat(untrusted.requests(three.get(1))).isZero();

            manager.addresses().setFilter(AddressFilter.NONE);
            assertThat(Load.run(client, host.uri(), 10, 1)).containsOnlyKeys(200);
        }
    }
}
