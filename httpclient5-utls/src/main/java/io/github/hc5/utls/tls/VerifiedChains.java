package io.github.hc5.utls.tls;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which chains were verified lately, as Chromium's CachingCertVerifier does and with its bounds: path building
 * and its signatures cost more than the rest of a handshake, and a host that is connected to again nearly always shows
 * the same chain. Only success is kept, only for a trust manager whose verdict depends on nothing but chain, host, key
 * exchange and time, and the dates are looked at again on each hit. Safe for use by several threads.
 */
final class VerifiedChains {

    private static final int MAX_ENTRIES = 256;
    private static final Duration LIFETIME = Duration.ofMinutes(30);

    /** What a verdict depends on besides the time. */
    record Question(
            List<X509Certificate> chain,
            String authType,
            @Nullable String host,
            boolean verifyHost) {
        Question {
            chain = List.copyOf(chain);
        }
    }

    private final Clock clock;

    private final RecentlyUsed<Question, Instant> verified = new RecentlyUsed<>(MAX_ENTRIES);

    VerifiedChains(Clock clock) {
        this.clock = clock;
    }

    /** Returns whether the answer was yes within the lifetime, and no certificate has expired since. */
    boolean contains(Question question) {
        Instant now = clock.instant();
        Instant since = verified.get(question);
        return since != null && now.isBefore(since.plus(LIFETIME)) && inForce(question.chain(), now);
    }

    void add(Question question) {
        verified.put(question, clock.instant());
    }

    private static boolean inForce(List<X509Certificate> chain, Instant now) {
        Date date = Date.from(now);
        try {
            for (X509Certificate certificate : chain) {
                certificate.checkValidity(date);
            }
            return true;
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return false;
        }
    }
}
