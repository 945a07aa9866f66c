package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.address.AddressFilter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the service may do and for whom; the settings of the pool are not here.
 *
 * @param token what callers must show as bearer token; empty for none. 16 characters or more
 * @param names host names by which the service may be addressed without a token, besides {@code localhost} and IP
 *     addresses: another name could be a page's own that leads here (DNS rebinding)
 * @param targets what may be fetched
 * @param limits how much at once
 * @param shutdown how long requests that were accepted may go on when the service is to end; what is left then is
 *     answered as failed. 0 s to 5 min, 30 s by default
 */
@ConfigurationProperties(prefix = "crawler", ignoreUnknownFields = false)
public record CrawlerSettings(
        @DefaultValue("") String token,
        @DefaultValue List<String> names,
        @DefaultValue Targets targets,
        @DefaultValue Limits limits,
        @DefaultValue("30s") Duration shutdown) {

    private static final int MIN_TOKEN = 16;
    private static final Duration MAX_SHUTDOWN = Duration.ofMinutes(5);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not allowed; the message names its key
     */
    public CrawlerSettings {
        names = List.copyOf(names);
        // the value is a secret: it is not in the message
        require(
                token.isEmpty() || token.length() >= MIN_TOKEN,
                "crawler.token",
                "a text of " + token.length() + " characters",
                "empty, or 16 characters or more");
        require(
                !shutdown.isNegative() && shutdown.compareTo(MAX_SHUTDOWN) <= 0,
                "crawler.shutdown",
                shutdown,
                "0s to 5m");
    }

    @Override
    public String toString() {
        return "CrawlerSettings[token=" + (token.isEmpty() ? "none" : "set") + ", names=" + names + ", targets="
                + targets + ", limits=" + limits + ", shutdown=" + shutdown + "]";
    }

    /**
     * What may be fetched.
     *
     * @param allow hosts, {@code www.example.com}, {@code *.example.com}, {@code *} for all, with {@code :PORT} or
     *     {@code :*} where it is not the scheme's; empty: nothing
     * @param addresses addresses or blocks (CIDR) that alone may be dialled; empty: every one that is public
     */
    public record Targets(
            @DefaultValue List<String> allow, @DefaultValue List<String> addresses) {

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not allowed; the message names its key
         */
        public Targets {
            allow = List.copyOf(allow);
            addresses = List.copyOf(addresses);
            // whoever reads them would refuse them later, and less clearly
            patterns(allow);
            filter(addresses);
        }

        List<TargetPattern> patterns() {
            return patterns(allow);
        }

        AddressFilter filter() {
            return filter(addresses);
        }

        private static List<TargetPattern> patterns(List<String> allow) {
            return allow.stream().map(TargetPattern::parse).toList();
        }

        private static AddressFilter filter(List<String> addresses) {
            AddressFilter.Builder filter = AddressFilter.builder().privateGuard(true);
            for (String address : addresses) {
                try {
                    filter.allow(address);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("crawler.targets.addresses: " + e.getMessage(), e);
                }
            }
            return filter.build();
        }
    }

    /**
     * How much at once.
     *
     * @param streams requests to {@code /fetch} at the same time; 1 to 128, 8 by default
     * @param dashboards dashboards that are fed at the same time; 1 to 64, 16 by default
     * @param urls in one request; 1 to 1000000, 10000 by default
     * @param concurrency URLs in flight for one request; 1 to 1024, 16 by default
     * @param perHost URLs in flight for one host within one request; 1 to 1024, 4 by default
     * @param window URLs of one request that are in flight or whose result the caller has not read yet; at least
     *     {@code concurrency}, at most 10000, 32 by default
     * @param requestBytes of a request's body; 1 KiB to 64 MiB, 1 MiB by default
     * @param bodyBytes of a fetched body, decoded; 1 KiB to 256 MiB, 1 MiB by default
     */
    public record Limits(
            @DefaultValue("8") int streams,
            @DefaultValue("16") int dashboards,
            @DefaultValue("10000") int urls,
            @DefaultValue("16") int concurrency,
            @DefaultValue("4") int perHost,
            @DefaultValue("32") int window,
            @DefaultValue("1048576") int requestBytes,
            @DefaultValue("1048576") int bodyBytes) {

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not allowed; the message names its key
         */
        public Limits {
            range("streams", streams, 1, 128);
            range("dashboards", dashboards, 1, 64);
            range("urls", urls, 1, 1_000_000);
            range("concurrency", concurrency, 1, 1024);
            range("per-host", perHost, 1, 1024);
            range("window", window, concurrency, 10_000);
            range("request-bytes", requestBytes, 1 << 10, 64 << 20);
            range("body-bytes", bodyBytes, 1 << 10, 256 << 20);
        }

        private static void range(String name, int value, int min, int max) {
            require(value >= min && value <= max, "crawler.limits." + name, value, min + " to " + max);
        }
    }

    private static void require(boolean allowed, String key, @Nullable Object value, String what) {
        if (!allowed) {
            throw new IllegalArgumentException(key + ": is " + value + ", allowed is " + what);
        }
    }
}
