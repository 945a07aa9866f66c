package io.github.hc5.utls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.pool.HostLimit;
import io.github.hc5.utls.pool.HostLimits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload leaves alone, and that it is taken over whole or not at all. */
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
}
