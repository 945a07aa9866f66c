package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifiedChainsTest {

    private Instant now = Instant.now();
    private final VerifiedChains chains = new VerifiedChains(new MovableClock());

    @Test
    void remembersForHalfAnHour() throws Exception {
        VerifiedChains.Question question = question(new TestPki().ca(), "a.test");
        assertThat(chains.contains(question)).isFalse();
        chains.add(question);
        advance(Duration.ofMinutes(30).minusNanos(1));
        assertThat(chains.contains(question)).isTrue();
        advance(Duration.ofNanos(1));
        assertThat(chains.contains(question)).isFalse();
    }

    @Test
    void anotherHostOrChainIsAnotherQuestion() throws Exception {
        X509Certificate certificate = new TestPki().ca();
        chains.add(question(certificate, "a.test"));
        assertThat(chains.contains(question(certificate, "b.test"))).isFalse();
        assertThat(chains.contains(question(new TestPki().ca(), "a.test"))).isFalse();
        assertThat(chains.contains(question(certificate, "a.test"))).isTrue();
    }

    @Test
    void anExpiredCertificateIsNotVerifiedWhateverWasSaidBefore() throws Exception {
        X509Certificate certificate = new TestPki().ca();
        now = certificate.getNotAfter().toInstant().minusSeconds(60);
        chains.add(question(certificate, "a.test"));
        advance(Duration.ofSeconds(60));
        assertThat(chains.contains(question(certificate, "a.test"))).isTrue();
        advance(Duration.ofSeconds(1));
        assertThat(chains.contains(question(certificate, "a.test"))).isFalse();
    }

    @Test
    void keepsTheNewestOf256() throws Exception {
        X509Certificate certificate = new TestPki().ca();
        for (int i = 0; i <= 256; i++) {
            chains.add(question(certificate, "host" + i + ".test"));
        }
        assertThat(chains.contains(question(certificate, "host0.test"))).isFalse();
        assertThat(chains.contains(question(certificate, "host1.test"))).isTrue();
        assertThat(chains.contains(question(certificate, "host256.test"))).isTrue();
    }

    private void advance(Duration duration) {
        now = now.plus(duration);
    }

    private static VerifiedChains.Question question(X509Certificate certificate, String host) {
        return new VerifiedChains.Question(List.of(certificate), "UNKNOWN", host, true);
    }

    private final class MovableClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
