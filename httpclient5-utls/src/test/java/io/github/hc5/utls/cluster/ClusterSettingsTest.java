package io.github.hc5.utls.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterSettingsTest {

    private static final String REDIS = "redis://127.0.0.1:6379";

    @Test
    void showsNoPassword() {
        ClusterSettings settings = ClusterSettings.builder("rediss://127.0.0.1:6379")
                .password("s3cret")
                .trustStore(Path.of("ca.p12"))
                .trustStorePassword("changeme")
                .build();

        assertThat(settings.toString())
                .contains("password=***")
                .doesNotContain("s3cret")
                .doesNotContain("changeme");
        assertThat(settings.toBuilder().build()).isEqualTo(settings);
    }

    @Test
    void showsNoCredentialsOfAnAddress() {
        ClusterSettings.Builder builder = ClusterSettings.builder("redis://user:s3cret@127.0.0.1:6379");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address 1")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aHostsOwnLimitGoesBeforeTheCommonOne() {
        ClusterSettings settings = ClusterSettings.builder(REDIS)
                .maxPerHost(20)
                .hostLimits(Map.of("slow.example", 2))
                .build();

        assertThat(settings.limitOf("slow.example")).isEqualTo(2);
        assertThat(settings.limitOf("other.example")).isEqualTo(20);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("addresses has 0", b -> b.addresses(List.of())),
                refused("addresses has 2", b -> b.addresses(List.of(REDIS, REDIS))),
                refused("http://127.0.0.1:1", b -> b.addresses(List.of("http://127.0.0.1:1"))),
                refused("redis://127.0.0.1", b -> b.addresses(List.of("redis://127.0.0.1"))),
                refused(
                        "all be",
                        b -> b.mode(ClusterSettings.Mode.CLUSTER).addresses(List.of(REDIS, "rediss://127.0.0.1:2"))),
                refused("masterName", b -> b.mode(ClusterSettings.Mode.SENTINEL)),
                refused("masterName", b -> b.masterName("mymaster")),
                refused("username", b -> b.username("crawler")),
                refused("trustStore", b -> b.trustStore(Path.of("ca.p12"))),
                refused("trustStorePassword", b -> b.trustStorePassword("x")),
                refused("keyPrefix", b -> b.keyPrefix("a{b}")),
                refused("maxPerHost", b -> b.maxPerHost(-1)),
                refused("maxTotal", b -> b.maxTotal(-1)),
                refused("hostLimits[h]", b -> b.hostLimits(Map.of("h", -1))),
                refused("lease", b -> b.lease(Duration.ofMillis(999))),
                refused("heartbeat", b -> b.heartbeat(Duration.ofSeconds(6))),
                refused("timeout", b -> b.timeout(Duration.ZERO)),
                refused("blockSize", b -> b.blockSize(0)),
                refused("minBackoff", b -> b.minBackoff(Duration.ZERO)),
                refused("maxBackoff", b -> b.maxBackoff(Duration.ofMillis(1))));
    }

    private static Arguments refused(String message, UnaryOperator<ClusterSettings.Builder> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithTheNameOfTheValue(String message, UnaryOperator<ClusterSettings.Builder> change) {
        ClusterSettings.Builder builder = change.apply(ClusterSettings.builder(REDIS));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
