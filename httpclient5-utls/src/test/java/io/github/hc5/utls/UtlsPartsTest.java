package io.github.hc5.utls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.metrics.AlertEvent;
import io.github.hc5.utls.metrics.AlertRule;
import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.pool.HostLimit;
import io.github.hc5.utls.pool.HostLimits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what the file says is in force, what a reload leaves alone, and that it is taken over whole or not at all. */
class UtlsPartsTest {

    @TempDir
    Path folder;

    private UtlsParts parts = UtlsParts.of(ConfigLoader.empty().load());

    @AfterEach
    void close() {
        parts.manager().close();
    }

    private HotConnectionManager start(String... lines) throws IOException {
        return start(builder -> builder, lines);
    }

    private HotConnectionManager start(UnaryOperator<HotConnectionManagerBuilder> changes, String... lines)
            throws IOException {
        parts.manager().close();
        parts = UtlsParts.load(ConfigLoader.empty().file(write(lines)), changes);
        return parts.manager();
    }

    private Path write(String... lines) throws IOException {
        return Files.writeString(folder.resolve("utls.toml"), "reload.interval = 0\n" + String.join("\n", lines));
    }

    private boolean change(String... lines) throws IOException {
        write(lines);
        return parts.reload();
    }

    @Test
    void limitsSetByHandOutliveAChangeOfOtherKeys() throws IOException {
        HotConnectionManager manager = start("pool.max_connections = 100");
        manager.setMaxTotal(70);
        manager.setDefaultMaxPerRoute(7);
        manager.setMaxIdle(5);

        assertThat(change("pool.max_connections = 100", "pool.idle_timeout = 33"))
                .isTrue();

        assertThat(manager.settings().idleTimeout()).isEqualTo(Duration.ofSeconds(33));
        assertThat(manager.getMaxTotal()).isEqualTo(70);
        assertThat(manager.getDefaultMaxPerRoute()).isEqualTo(7);
        assertThat(manager.getMaxIdle()).isEqualTo(5);

        assertThat(change("pool.max_connections = 100", "[limits.\"*.example.com\"]", "connections = 3"))
                .isTrue();
        assertThat(manager.getMaxTotal()).isEqualTo(70);
        assertThat(manager.settings().maxTotal()).isEqualTo(100);
    }

    @Test
    void aKeyThatChangesWinsOverTheHand() throws IOException {
        HotConnectionManager manager = start("pool.max_connections = 100");
        manager.setMaxTotal(70);
        manager.setDefaultMaxPerRoute(7);

        assertThat(change("pool.max_connections = 90")).isTrue();

        assertThat(manager.getMaxTotal()).isEqualTo(90);
        assertThat(manager.settings().maxTotal()).isEqualTo(90);
        assertThat(manager.getDefaultMaxPerRoute()).isEqualTo(7);
    }

    @Test
    void whereTheLoadHasMovedTheLimitsTheyStay() throws IOException {
        String[] sizing = {"[sizing]", "enabled = true", "expected_concurrency = 100", "expected_response_time = 1", ""
        };
        HotConnectionManager manager = start(sizing);
        assertThat(manager.getMaxTotal()).isEqualTo(200);
        assertThat(manager.getDefaultMaxPerRoute()).isEqualTo(20);

        sizing[4] = "[pool]\nidle_timeout = 33";
        assertThat(change(sizing)).isTrue();

        assertThat(manager.settings().idleTimeout()).isEqualTo(Duration.ofSeconds(33));
        assertThat(manager.getMaxTotal()).isEqualTo(200);
        assertThat(manager.getDefaultMaxPerRoute()).isEqualTo(20);

        sizing[4] = "ceiling = 150";
        assertThat(change(sizing)).isTrue();
        assertThat(manager.getMaxTotal()).isEqualTo(150);
    }

    @Test
    void hostLimitsSetByHandOutliveAChangeOfOtherKeys() throws IOException {
        HotConnectionManager manager = start();
        HostLimits own = HostLimits.of(Map.of(
                new HostPattern("*.example.com"),
                HostLimit.builder().connections(3).build()));
        manager.setHostLimits(own);

        assertThat(change("pool.idle_timeout = 33")).isTrue();
        assertThat(manager.hostLimits()).isEqualTo(own);

        assertThat(change("[limits.\"*.example.org\"]", "connections = 4")).isTrue();
        assertThat(manager.hostLimits().of("www.example.com").connections()).isNull();
        assertThat(manager.hostLimits().of("www.example.org").connections()).isEqualTo(4);
    }

    @Test
    void whatCodeHasSetOutlivesAChangeOfOtherKeys() throws IOException {
        HotConnectionManager manager =
                start(builder -> builder.setMaxConnTotal(17).setMessageMultiplexing(false), "pool.idle_timeout = 5");

        assertThat(change("pool.idle_timeout = 33")).isTrue();

        assertThat(manager.settings().idleTimeout()).isEqualTo(Duration.ofSeconds(33));
        assertThat(manager.getMaxTotal()).isEqualTo(17);
        assertThat(manager.settings().multiplexing()).isFalse();
    }

    @Test
    void whatTheRunningPoolRefusesChangesNothing() throws IOException {
        HotConnectionManager manager = start("alerts.interval = 9");
        manager.setMaxTotal(50);

        assertThat(change(
                        "fingerprint.profile = \"firefox\"",
                        "alerts.interval = 8",
                        "[limits.\"*.example.com\"]",
                        "reserve = 60"))
                .isFalse();

        assertThat(manager.hostLimits()).isEqualTo(HostLimits.NONE);
        assertThat(parts.alerts().settings().interval()).isEqualTo(Duration.ofSeconds(9));
        assertThat(parts.config().fingerprint().profile()).isEqualTo("chrome-156");

        assertThat(change(
                        "alerts.interval = 7",
                        "[alerts.rules.mine]",
                        "metric = \"bans\"",
                        "operator = \">\"",
                        "threshold = 1",
                        "actions = [\"unheard_of\"]",
                        "[pool]",
                        "idle_timeout = 44"))
                .isFalse();
        assertThat(parts.alerts().settings().interval()).isEqualTo(Duration.ofSeconds(9));
        assertThat(manager.settings().idleTimeout()).isNotEqualTo(Duration.ofSeconds(44));
    }

    /** An action of one's own that tells. */
    private static final class Telling implements AlertAction {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void fired(AlertEvent event) {
            told.add(event.rule().name() + " fired at " + event.value());
        }

        @Override
        public void cleared(AlertEvent event) {
            told.add(event.rule().name() + " cleared");
        }

        String next() throws InterruptedException {
            return String.valueOf(told.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aRuleOfTheFileFiresAndClearsAndItsActionsRun() throws Exception {
        Telling telling = new Telling();
        parts.manager().close();
        Path file = write(
                "[alerts]",
                "interval = 1",
                "scale_factor = 2",
                "[alerts.rules.banned]",
                "metric = \"bans\"",
                "operator = \">\"",
                "threshold = 0",
                "duration = 0",
                "actions = [\"scale_up\", \"tell\"]");
        ConfigLoader loader = ConfigLoader.empty().file(file);
        parts = UtlsParts.builder().alertAction("tell", telling).follow(loader.load(), loader);
        InetAddress address = InetAddress.getByName("192.0.2.1");

        parts.manager().addresses().ban(address, Duration.ofMinutes(5));
        assertThat(telling.next()).isEqualTo("banned fired at 1.0");
        assertThat(parts.alerts().firing()).extracting(AlertRule::name).contains("banned");
        assertThat(parts.manager().getMaxTotal()).isEqualTo(200);

        parts.manager().addresses().lift(address);
        assertThat(telling.next()).isEqualTo("banned cleared");

        // a rule that is taken away while it fires clears
        parts.manager().addresses().ban(address, Duration.ofMinutes(5));
        assertThat(telling.next()).isEqualTo("banned fired at 1.0");
        assertThat(change("alerts.interval = 1")).isTrue();
        assertThat(telling.next()).isEqualTo("banned cleared");
        assertThat(parts.alerts().firing()).isEmpty();
    }

    @Test
    void anActionThatNobodyHasIsRefusedAtTheStart() {
        String rule =
                "alerts.rules.mine = { metric = \"bans\", operator = \">\", threshold = 0, actions = [\"tell\"] }";
        assertThatThrownBy(() -> UtlsParts.of(
                        ConfigLoader.empty().text("utls.toml", rule).load()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'mine'", "'tell'", "must be one of", "webhook");
    }

    @Test
    void theStateOutlivesTheProgram() throws Exception {
        Path state = folder.resolve("state.json");
        String[] lines = {"[state]", "file = \"" + state + "\""};
        InetAddress address = InetAddress.getByName("192.0.2.1");
        start(lines).addresses().ban(address, Duration.ofMinutes(5));
        parts.manager().close();
        assertThat(state).exists();

        assertThat(start(lines).addresses().bans()).extracting(Ban::address).containsExactly(address);
    }

    @Test
    void theMetersOfTheFileAreInTheGlobalRegistryUntilThePoolIsClosed() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Metrics.addRegistry(registry);
        try {
            start("metrics.name = \"mine\"");
            assertThat(registry.find("utls.pool.routes")
                            .tag("httpclient", "mine")
                            .meter())
                    .isNull();

            start("metrics.name = \"mine\"", "metrics.enabled = true");
            assertThat(registry.find("utls.pool.routes")
                            .tag("httpclient", "mine")
                            .meter())
                    .isNotNull();

            parts.manager().close();
            assertThat(registry.find("utls.pool.routes")
                            .tag("httpclient", "mine")
                            .meter())
                    .isNull();
        } finally {
            Metrics.removeRegistry(registry);
        }
    }

    @Test
    void meterSettingsAreThoseOfTheFile() throws IOException {
        start(
                "[metrics]",
                "max_hosts = 3",
                "hosts = [\"www.example.com\"]",
                "max_profiles = 4",
                "max_addresses = 5",
                "response_timer = false",
                "refresh = 6",
                "flight_recorder = false");
        assertThat(parts.config().meters())
                .isEqualTo(
                        new MetricsSettings("utls", 3, List.of("www.example.com"), 4, 5, false, Duration.ofSeconds(6)));
        assertThat(parts.config().flightRecorder()).isFalse();
    }

    /** Sends a request with passwords over HTTP/1.1 and returns what was logged meanwhile. */
    private static String loggedOf(CloseableHttpAsyncClient client, HttpServer server) throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            SimpleHttpRequest request = SimpleRequestBuilder.get(
                            "http://127.0.0.1:" + server.getAddress().getPort() + "/path?token=s3cret")
                    .addHeader("Authorization", "Bearer s3cret")
                    .addHeader("Cookie", "id=s3cret")
                    .addHeader("Proxy-Authorization", "Basic s3cret")
                    .build();
            assertThat(client.execute(request, null).get(30, TimeUnit.SECONDS).getCode())
                    .isEqualTo(204);
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "id=s3cret");
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void soManyIoThreadsAsTheFileSays() throws Exception {
        HttpServer server = server();
        try {
            List<Integer> threads = new ArrayList<>();
            for (int count : List.of(1, 4)) {
                HotConnectionManager manager = start("pool.io_threads = " + count);
                try (CloseableHttpAsyncClient client = parts.asyncClient()) {
                    loggedOf(client, server);
                    threads.add(manager.snapshot().resources().poolThreads());
                }
            }
            assertThat(threads.get(1) - threads.get(0)).isEqualTo(3);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void eventsAreToldToFlightRecorderUnlessTheFileSaysNot() throws Exception {
        for (boolean on : List.of(true, false)) {
            HotConnectionManager manager = start("metrics.flight_recorder = " + on);
            Path file = folder.resolve("events.jfr");
            try (Recording recording = new Recording()) {
                recording.enable("utls.Ban");
                recording.start();
                manager.addresses().ban(InetAddress.getByName("192.0.2.1"), Duration.ofMinutes(5));
                recording.stop();
                recording.dump(file);
            }
            assertThat(RecordingFile.readAllEvents(file)).hasSize(on ? 1 : 0);
        }
    }

    @Test
    void theWireIsTracedWhileTheFileSaysSo() throws Exception {
        HttpServer server = server();
        start();
        try (CloseableHttpAsyncClient client = parts.asyncClient()) {
            assertThat(loggedOf(client, server)).doesNotContain("wire.");

            assertThat(change("log.wire = \"heads\"")).isTrue();
            assertThat(loggedOf(client, server))
                    .containsPattern("wire\\.request connection=\\S+ GET /path\\?\\*{3} .*Authorization=\"\\*{3}\"")
                    .containsPattern("wire\\.response connection=\\S+ 204 .*Set-cookie=\"\\*{3}\"")
                    .containsPattern("wire\\.sent connection=\\S+ bytes=")
                    .doesNotContain("connection=null")
                    .doesNotContain("s3cret");

            assertThat(change("log.wire = \"sizes\"")).isTrue();
            assertThat(loggedOf(client, server)).contains("wire.sent").doesNotContain("wire.request");

            assertThat(change("log.wire = \"off\"")).isTrue();
            assertThat(loggedOf(client, server)).doesNotContain("wire.");
        } finally {
            server.stop(0);
        }
    }
}
