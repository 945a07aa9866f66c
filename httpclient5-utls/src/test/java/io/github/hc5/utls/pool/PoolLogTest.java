package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

class PoolLogTest {

    private static final HttpRoute HOST = PoolWorld.secure("host.example");

    private final RecordingLogger logger = new RecordingLogger(Level.DEBUG);
    private final MDCAdapter context = new BasicMDCAdapter();
    private final PoolLog log = new PoolLog(logger, () -> context);

    private static ConnectionSnapshot connection() throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        return new ConnectionSnapshot(
                "hc-7",
                ConnectionSnapshot.State.AVAILABLE,
                "HTTP/2.0",
                new InetSocketAddress(address, 443),
                null,
                "chrome-156",
                false,
                true,
                Duration.ofSeconds(2),
                Duration.ZERO,
                0,
                3,
                3,
                100,
                null,
                1000,
                2000);
    }

    @Test
    void theLifeOfAConnectionIsALineForEachChange() throws Exception {
        log.opened(HOST, connection(), Duration.ofMillis(12).toNanos());
        log.retired(HOST, connection(), CloseReason.IDLE_TIMEOUT);
        log.closed(HOST, connection(), CloseReason.IDLE_TIMEOUT, null);

        assertThat(logger.lines)
                .containsExactly(
                        "DEBUG connection.opened connection=hc-7 host=host.example address=10.0.0.1:443"
                                + " protocol=HTTP/2.0 profile=chrome-156 local=null resumed=false open_ms=12",
                        "DEBUG connection.retired connection=hc-7 host=host.example address=10.0.0.1:443"
                                + " protocol=HTTP/2.0 profile=chrome-156 reason=idle_timeout in_flight=0",
                        "DEBUG connection.closed connection=hc-7 host=host.example address=10.0.0.1:443"
                                + " protocol=HTTP/2.0 profile=chrome-156 reason=idle_timeout exchanges=3 age_ms=2000"
                                + " sent=1000 received=2000");
    }

    @Test
    void theContextHasTheHostAndTheConnectionWhileALineIsWritten() throws Exception {
        List<Map<String, String>> seen = new ArrayList<>();
        logger.listener = () -> seen.add(context.getCopyOfContextMap());
        context.put("request", "7");
        context.put("utls.host", "the caller's");

        log.opened(HOST, connection(), 0);
        log.leaseQueued(HOST, 4);
        log.addressBanned(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), Duration.ofMinutes(1));

        assertThat(seen)
                .containsExactly(
                        Map.of("request", "7", "utls.host", "host.example", "utls.connection", "hc-7"),
                        Map.of("request", "7", "utls.host", "host.example"),
                        Map.of("request", "7"));
        assertThat(context.getCopyOfContextMap()).isEqualTo(Map.of("request", "7", "utls.host", "the caller's"));
    }

    @Test
    void aMessageOfSeveralLinesIsOneValueOfOneLine() {
        log.leaseFailed(HOST, new IOException("no \"room\"\r\nat all"));

        assertThat(logger.lines)
                .containsExactly("DEBUG lease.failed host=host.example error=IOException message=\"no"
                        + " \\\"room\\\"\\r\\nat all\"");
    }

    @Test
    void theWayThereIsNamed() {
        HttpRoute route = new HttpRoute(
                new HttpHost("https", "host.example", 8443), null, new HttpHost("http", "proxy.example", 3128), true);
        log.leaseQueued(route, 4);

        assertThat(logger.lines)
                .containsExactly("DEBUG lease.waits host=host.example:8443 proxy=proxy.example:3128 waiting=4");
    }

    @Test
    void whatTakesAnAddressOutIsAWarningAndItsReturnIsNot() throws Exception {
        InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        log.addressChanged(HOST, address, AddressHealth.State.OUT, Outcome.BANNED_STATUS);
        log.addressChanged(HOST, address, AddressHealth.State.OUT, Outcome.REFUSED);
        log.addressChanged(HOST, address, AddressHealth.State.WELL, Outcome.OK);
        log.addressBanned(address, Duration.ofMinutes(1));

        assertThat(logger.lines)
                .containsExactly(
                        "WARN address.banned host=host.example address=10.0.0.1 outcome=banned_status",
                        "WARN address.ejected host=host.example address=10.0.0.1 outcome=refused",
                        "INFO address.back host=host.example address=10.0.0.1 outcome=ok",
                        "WARN address.banned host=* address=10.0.0.1 seconds=60");
    }

    @Test
    void whereDebugIsOffOnlyWarningsAreWritten() throws Exception {
        RecordingLogger quiet = new RecordingLogger(Level.WARN);
        PoolLog warnings = new PoolLog(quiet, () -> context);
        warnings.opened(HOST, connection(), 0);
        warnings.leaseQueued(HOST, 1);
        warnings.panicChanged(HOST, true);
        warnings.panicChanged(HOST, false);

        assertThat(quiet.lines).containsExactly("WARN host.panic host=host.example");
    }

    @Test
    void eachChangeOfStateIsToldOnce() {
        PoolWorld world = new PoolWorld(s -> s.maxPerRoute(1));
        world.manager.addListener(log);
        PoolWorld.Lease lease = world.openHttp1();
        PoolWorld.Lease waiting = world.lease();
        world.release(lease);
        world.release(waiting);
        world.manager.retireIdle();
        world.manager.retireIdle();
        world.net.sessions.get(0).end(null);

        assertThat(logger.lines.stream().map(line -> line.split(" ", 3)[1]))
                .containsExactly(
                        "handshake.done",
                        "connection.opened",
                        "lease.waits",
                        "lease.granted",
                        "connection.retired",
                        "connection.closed");
    }
}
