package io.github.hc5.utls.resilience;

import io.github.hc5.utls.pool.HostLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request is tried again, and after how long, by the kind of the failure:
 *
 * <table>
 * <caption>by default</caption>
 * <tr><th>failure</th><th>tries</th><th>within</th><th>wait</th></tr>
 * <tr><td>no connection: refused, not in time, name not found</td><td>3</td><td>15 s</td><td>backoff</td></tr>
 * <tr><td>connection broke, response not in time, request not taken up</td><td>3</td><td>10 s</td><td>backoff</td></tr>
 * <tr><td>403: the address is banned</td><td>1 on it, 1 on another</td><td>30 s</td><td>backoff</td></tr>
 * <tr><td>429, 503</td><td>5</td><td>30 s</td><td>Retry-After, else backoff</td></tr>
 * <tr><td>anything else</td><td>1</td><td></td><td></td></tr>
 * </table>
 *
 * <p>Only what is safe to repeat is repeated: a request with an idempotent method, one that was certainly not taken up by
 * the server, or one whose caller has set {@link #REPEATABLE} in its context. A request whose body cannot be produced again
 * is not (HttpClient does not even ask). All clients of one strategy share its retry budget.
 *
 * <p>It works in HttpClient's own retry handler ({@code setRetryStrategy}); a client made by {@link Resilience} tells it
 * more, such as whether a request had been sent at all. The pool sees to it that the next try of an exchange uses another
 * address. Thread-safe.
 */
public final class UtlsRetryStrategy implements HttpRequestRetryStrategy {

    /** The attribute of a context by which a caller says that its request may be repeated: {@code Boolean.TRUE}. */
    public static final String REPEATABLE = "io.github.hc5.utls.resilience.repeatable";

    private static final String TALLY = "io.github.hc5.utls.resilience.tally";

    private final WaitScheduler time;
    private final RetryDelays delays;
    private final Predicate<HttpRoute> hasOtherAddress;
    private volatile RetrySettings settings;
    private volatile RetryBudget budget;
    private volatile HostLimits patterns = HostLimits.NONE;

    /** A strategy with the defaults, for hosts of which nothing is known of other addresses. */
    public UtlsRetryStrategy() {
        this(RetrySettings.defaults(), WaitScheduler.shared(), route -> false);
    }

    /**
     * A strategy.
     *
     * @param hasOtherAddress whether a route has an address besides the one that was banned just now
     */
    public UtlsRetryStrategy(RetrySettings settings, WaitScheduler time, Predicate<HttpRoute> hasOtherAddress) {
        this(settings, time, hasOtherAddress, new RetryDelays());
    }

    UtlsRetryStrategy(
            RetrySettings settings, WaitScheduler time, Predicate<HttpRoute> hasOtherAddress, RetryDelays delays) {
        this.settings = settings;
        this.time = time;
        this.hasOtherAddress = hasOtherAddress;
        this.delays = delays;
        this.budget = budget(settings);
    }

    private RetryBudget budget(RetrySettings of) {
        return new RetryBudget(of.budgetShare(), of.budgetFloor(), of.budgetWindow(), time.nanoTime());
    }

    public RetrySettings settings() {
        return settings;
    }

    /** Replaces the settings at run time, for all later decisions. A changed budget begins anew. */
    public void setSettings(RetrySettings value) {
        RetrySettings before = settings;
        settings = value;
        if (before.budgetShare() != value.budgetShare()
                || before.budgetFloor() != value.budgetFloor()
                || !before.budgetWindow().equals(value.budgetWindow())) {
            budget = budget(value);
        }
    }

    /** Bounds the retries of the hosts of some patterns, besides what the settings say of each kind of failure. */
    public void setHostLimits(HostLimits value) {
        patterns = value;
    }

    // ---- as HttpClient's own retry handler asks

    @Override
    public boolean retryRequest(HttpRequest request, IOException exception, int execCount, HttpContext context) {
        RetryTally tally = tally(execCount, context);
        return decide(tally, request, exception, true, execCount, context);
    }

    @Override
    public boolean retryRequest(HttpResponse response, int execCount, HttpContext context) {
        if (execCount == 1 && !concerns(response.getCode())) {
            // by far the most frequent case: nothing but the budget hears of it
            budget.requested(time.nanoTime());
            return false;
        }
        RetryTally tally = tally(execCount, context);
        HttpRequest request = HttpClientContext.cast(context).getRequest();
        return request != null && decide(tally, request, response, execCount, context);
    }

    @Override
    public TimeValue getRetryInterval(HttpRequest request, IOException exception, int execCount, HttpContext context) {
        return interval(context);
    }

    @Override
    public TimeValue getRetryInterval(HttpResponse response, int execCount, HttpContext context) {
        return interval(context);
    }

    private static TimeValue interval(HttpContext context) {
        return context.getAttribute(TALLY) instanceof RetryTally tally
                ? TimeValue.ofMilliseconds(TimeUnit.NANOSECONDS.toMillis(tally.delayNanos))
                : TimeValue.ZERO_MILLISECONDS;
    }

    private RetryTally tally(int execCount, HttpContext context) {
        if (execCount > 1 && context.getAttribute(TALLY) instanceof RetryTally tally) {
            return tally;
        }
        long now = time.nanoTime();
        budget.requested(now);
        RetryTally tally = new RetryTally(now);
        context.setAttribute(TALLY, tally);
        return tally;
    }

    // ---- as this package's handler asks

    /** Counts the first try of an operation. */
    void requested(long nowNanos) {
        budget.requested(nowNanos);
    }

    /** Whether a response with this status is anything but an answer. */
    boolean concerns(int status) {
        RetrySettings s = settings;
        return status >= 300
                && (s.busyStatuses().contains(status) || s.bannedStatuses().contains(status));
    }

    /** Decides about a failure; the tally then says when, or why not. */
    boolean decide(
            RetryTally tally,
            HttpRequest request,
            IOException cause,
            boolean sent,
            int execCount,
            HttpContext context) {
        RetrySettings s = settings;
        FailureKind kind = FailureKind.of(cause, sent);
        boolean unsent = !sent || kind.provesUnsent();
        int count = tally.failed(kind);
        return switch (kind) {
            case CONNECT ->
                decide(tally, request, unsent, count, s.connectTries(), s.connectWindow(), execCount, context);
            case UNSTABLE, NOT_EXECUTED ->
                decide(tally, request, unsent, count, s.unstableTries(), s.unstableWindow(), execCount, context);
            default -> refuse(tally, "a failure of this kind would only repeat itself");
        };
    }

    /** Decides about a response; the tally then says when, or why not. */
    boolean decide(RetryTally tally, HttpRequest request, HttpResponse response, int execCount, HttpContext context) {
        RetrySettings s = settings;
        int status = response.getCode();
        if (s.busyStatuses().contains(status)) {
            long asked = RetryDelays.retryAfter(response, time.instant());
            int count = tally.failed(FailureKind.BUSY);
            return isWithinPattern(tally, execCount, context)
                    && allows(tally, request, false, count, s.busyTries(), context)
                    && begins(tally, asked >= 0 ? asked : delays.backoff(s, execCount), s.busyWindow());
        }
        if (s.bannedStatuses().contains(status)) {
            int count = tally.failed(FailureKind.BANNED);
            return isWithinPattern(tally, execCount, context)
                    && allows(tally, request, false, count, s.bannedTries(), context)
                    && hasElsewhere(tally, context)
                    && begins(tally, delays.backoff(s, execCount), s.busyWindow());
        }
        return false;
    }

    private boolean decide(
            RetryTally tally,
            HttpRequest request,
            boolean unsent,
            int count,
            int tries,
            Duration window,
            int execCount,
            HttpContext context) {
        return isWithinPattern(tally, execCount, context)
                && allows(tally, request, unsent, count, tries, context)
                && begins(tally, delays.backoff(settings, execCount), window);
    }

    /** Whether the limits of the host's pattern allow one more try than there were. */
    @SuppressWarnings("ReferenceEquality") // that nothing is said of any host is the case that counts
    private boolean isWithinPattern(RetryTally tally, int execCount, @Nullable HttpContext context) {
        HostLimits limits = patterns;
        RouteInfo route = limits == HostLimits.NONE || context == null
                ? null
                : HttpClientContext.cast(context).getHttpRoute();
        if (route == null) {
            return true;
        }
        Integer retries = limits.of(route.getTargetHost().getHostName()).retries();
        return retries == null || execCount <= retries || refuse(tally, "the host's limits allow no more");
    }

    private static boolean allows(
            RetryTally tally, HttpRequest request, boolean unsent, int count, int tries, HttpContext context) {
        if (count >= tries) {
            return refuse(tally, "no more are allowed");
        }
        if (request instanceof CancellableDependency cancellable && cancellable.isCancelled()) {
            return refuse(tally, "the request was cancelled");
        }
        if (unsent || Method.isIdempotent(request.getMethod()) || isRepeatable(context)) {
            return true;
        }
        return refuse(tally, "the server may have acted on a " + request.getMethod());
    }

    private static boolean isRepeatable(@Nullable HttpContext context) {
        return context != null && Boolean.TRUE.equals(context.getAttribute(REPEATABLE));
    }

    private boolean hasElsewhere(RetryTally tally, HttpContext context) {
        RouteInfo info = HttpClientContext.cast(context).getHttpRoute();
        boolean other = info instanceof HttpRoute route && hasOtherAddress.test(route);
        return other || refuse(tally, "there is no other address");
    }

    private boolean begins(RetryTally tally, long delayNanos, Duration window) {
        long now = time.nanoTime();
        if (now - tally.startNanos + delayNanos > window.toNanos()) {
            return refuse(tally, "the next would begin after " + window.toMillis() + " ms");
        }
        if (!budget.tryRetry(now)) {
            return refuse(tally, "the retry budget is spent");
        }
        tally.delayNanos = delayNanos;
        return true;
    }

    private static boolean refuse(RetryTally tally, String why) {
        tally.refusal = why;
        return false;
    }
}
