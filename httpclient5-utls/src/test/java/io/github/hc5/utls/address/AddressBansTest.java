package io.github.hc5.utls.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressBansTest {

    private long now = -3;
    private final AddressBans bans = new AddressBans(BanSettings.defaults(), () -> now);
    private final AddressBans.Place place = place("host.example", 1);

    private static InetAddress ip(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, (byte) (last >> 8), (byte) last});
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static AddressBans.Place place(String host, int last) {
        return new AddressBans.Place(host, "", ip(last));
    }

    @Test
    void eachBanInARowLastsTwiceAsLongUpToTheLimit() {
        List<Long> minutes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Duration time = bans.ban(place, 403);
            minutes.add(time.toMinutes());
            now += time.toNanos();
        }
        assertThat(minutes).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
    }

    @Test
    void aBanEndsExactlyWhenItsTimeIsUp() {
        long until = now + bans.ban(place, 403).toNanos();

        now = until - 1;
        assertThat(bans.bannedUntil(place, 0)).isEqualTo(until);
        assertThat(bans.list()).singleElement().satisfies(ban -> {
            assertThat(ban.remaining()).isEqualTo(Duration.ofNanos(1));
            assertThat(ban.reason()).isEqualTo("status 403");
            assertThat(ban.host()).isEqualTo("host.example");
        });
        now = until;
        assertThat(bans.bannedUntil(place, 0)).isZero();
        assertThat(bans.list()).isEmpty();
    }

    @Test
    void aSecondBanDuringTheFirstChangesNothing() {
        bans.ban(place, 403);
        now += Duration.ofMinutes(4).toNanos();
        assertThat(bans.ban(place, 403)).isEqualTo(Duration.ofMinutes(1));
        assertThat(bans.list()).singleElement().matches(ban -> ban.count() == 1);
    }

    @Test
    void aSuccessClearsTheCountAndIsRemembered() {
        now += bans.ban(place, 403).toNanos();
        bans.succeeded(place);
        assertThat(bans.isKnownGood(place)).isTrue();
        assertThat(bans.knownGood()).containsExactly(place);

        assertThat(bans.ban(place, 403)).isEqualTo(Duration.ofMinutes(5));
        assertThat(bans.isKnownGood(place)).isFalse();
    }

    @Test
    void aBanIsOfOneHostAndOneExit() {
        bans.ban(place, 403);
        assertThat(bans.bannedUntil(place("other.example", 1), 0)).isZero();
        assertThat(bans.bannedUntil(new AddressBans.Place("host.example", "proxy:3128", ip(1)), 0))
                .isZero();
    }

    @Test
    void theUserBansForEveryHostAndLifts() {
        bans.ban(ip(9), Duration.ofSeconds(10));
        bans.ban(place("host.example", 9), 403);
        assertThat(bans.isBannedByUser(ip(9))).isTrue();
        assertThat(bans.list()).hasSize(2);

        assertThat(bans.lift(ip(9))).isTrue();
        assertThat(bans.isBannedByUser(ip(9))).isFalse();
        assertThat(bans.list()).isEmpty();
        assertThat(bans.lift(ip(9))).isFalse();
    }

    @Test
    void theUsersBanEndsExactlyWhenItsTimeIsUp() {
        bans.ban(ip(9), Duration.ofSeconds(10));
        long until = bans.nextUserBanEnds(Long.MAX_VALUE);
        now = until - 1;
        assertThat(bans.isBannedByUser(ip(9))).isTrue();
        now = until;
        assertThat(bans.isBannedByUser(ip(9))).isFalse();
        assertThat(bans.nextUserBanEnds(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> bans.ban(ip(9), Duration.ZERO)).hasMessage("time is PT0S, must be positive");
    }

    @Test
    void theFirstRuleThatCoversAHostCounts() {
        bans.setSettings(BanSettings.builder()
                .rules(List.of(
                        BanRule.of("api.example", 429),
                        new BanRule("*.example", Set.of(403, 503), (s, h) -> h.apply("cf-mitigated") != null),
                        BanRule.of("*", 403)))
                .build());

        assertThat(bans.mayBan(200)).isFalse();
        assertThat(bans.mayBan(503)).isTrue();
        assertThat(bans.isBanning("api.example", 429, name -> null)).isTrue();
        assertThat(bans.isBanning("api.example", 403, name -> null)).isFalse();
        assertThat(bans.isBanning("www.example", 403, name -> null)).isFalse();
        assertThat(bans.isBanning("www.example", 403, name -> "challenge")).isTrue();
        assertThat(bans.isBanning("else.test", 403, name -> null)).isTrue();
        assertThat(bans.isBanning("else.test", 503, name -> null)).isFalse();
    }

    @Test
    void whatIsRememberedIsBoundedAndExpires() {
        AddressBans small = new AddressBans(BanSettings.builder().maxBans(100).build(), () -> now);
        for (int i = 0; i < 10_000; i++) {
            small.ban(place("host" + i, i), 403);
            small.succeeded(place("good" + i, i));
        }
        assertThat(small.list()).hasSizeLessThanOrEqualTo(100);
        assertThat(small.knownGood()).hasSizeLessThanOrEqualTo(100).isNotEmpty();
        now += Duration.ofHours(25).toNanos();
        assertThat(small.isKnownGood(place("good9999", 9999))).isFalse();
    }

    @Test
    void whatWasGoodBeforeARestartIsTakenOver() {
        AddressBans later = new AddressBans(BanSettings.defaults(), () -> now);
        bans.succeeded(place);
        later.restore(bans.knownGood());
        assertThat(later.isKnownGood(place)).isTrue();
    }
}
