package io.github.hc5.utls.pool;

import java.time.Duration;

/**
 * What a pool may hold and for how long. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param maxTotal connections in all, opening ones included; 1 or more
 * @param maxPerRoute connections of one route unless set for that route; 1 or more
 * @param maxIdle connections kept without an exchange in flight, over all routes; 0 or more
 * @param minIdlePerRoute connections kept ready for each route in use; 0 or more, at most {@code maxPerRoute}
 * @param idleTimeout a connection unused for this long is retired; zero: never
 * @param maxLifetime a connection older than this is retired once its exchanges have ended; zero: never
 * @param lifetimeJitter the share of {@code maxLifetime} by which a connection's own lifetime is shortened at random, so
 *     that connections opened together do not end together; 0 to 0.5
 * @param connectTimeout for one TCP connect where neither the request nor {@code ConnectionConfig} sets one; positive
 * @param handshakeTimeout for one whole TLS handshake where {@code TlsConfig} sets none; positive
 * @param checkInterval an idle connection is checked when it has been neither used nor checked for this long; zero:
 *     never
 * @param checkTimeout a check unanswered for this long has failed; positive
 * @param closeTimeout how long a graceful close waits for exchanges in flight; zero: not at all
 * @param multiplexing whether HTTP/2 connections are shared by concurrent exchanges
 */
public record PoolSettings(
        int maxTotal,
        int maxPerRoute,
        int maxIdle,
        int minIdlePerRoute,
        Duration idleTimeout,
        Duration maxLifetime,
        double lifetimeJitter,
        Duration connectTimeout,
        Duration handshakeTimeout,
        Duration checkInterval,
        Duration checkTimeout,
        Duration closeTimeout,
        boolean multiplexing) {

    private static final int LEAST_SIZE = 10;
    private static final int MOST_SIZE = 1000;
    private static final double ROUNDING = 1e-6;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public PoolSettings {
        atLeast("maxTotal", maxTotal, 1);
        atLeast("maxPerRoute", maxPerRoute, 1);
        atLeast("maxIdle", maxIdle, 0);
        atLeast("minIdlePerRoute", minIdlePerRoute, 0);
        if (minIdlePerRoute > maxPerRoute) {
            throw new IllegalArgumentException(
                    "minIdlePerRoute is " + minIdlePerRoute + ", must be at most maxPerRoute (" + maxPerRoute + ")");
        }
        if (!(lifetimeJitter >= 0 && lifetimeJitter <= 0.5)) {
            throw new IllegalArgumentException("lifetimeJitter is " + lifetimeJitter + ", must be from 0 to 0.5");
        }
        notNegative("idleTimeout", idleTimeout);
        notNegative("maxLifetime", maxLifetime);
        positive("connectTimeout", connectTimeout);
        positive("handshakeTimeout", handshakeTimeout);
        notNegative("checkInterval", checkInterval);
        positive("checkTimeout", checkTimeout);
        notNegative("closeTimeout", closeTimeout);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " or more");
        }
    }

    private static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be zero or positive");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be positive");
        }
    }

    /**
     * Returns how many connections so many requests at once are likely to need when a response takes so long on average:
     * concurrency x seconds x 2, at least 10 and at most 1,000.
     *
     * @throws IllegalArgumentException if the concurrency is negative or the time is negative
     */
    public static int sizeFor(int concurrency, Duration meanResponseTime) {
        atLeast("concurrency", concurrency, 0);
        notNegative("meanResponseTime", meanResponseTime);
        double seconds = meanResponseTime.getSeconds() + meanResponseTime.getNano() / 1e9;
        // what binary fractions add must not count as one more
        double size = Math.ceil(concurrency * seconds * 2 - ROUNDING);
        return (int) Math.max(LEAST_SIZE, Math.min(MOST_SIZE, size));
    }

    /** Returns the defaults: see {@link Builder}. */
    public static PoolSettings defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns these settings with what differs between two others.
     *
     * @throws IllegalArgumentException if the combination is not allowed
     */
    PoolSettings changed(PoolSettings before, PoolSettings next) {
        return new PoolSettings(
                pick(before.maxTotal, next.maxTotal, maxTotal),
                pick(before.maxPerRoute, next.maxPerRoute, maxPerRoute),
                pick(before.maxIdle, next.maxIdle, maxIdle),
                pick(before.minIdlePerRoute, next.minIdlePerRoute, minIdlePerRoute),
                pick(before.idleTimeout, next.idleTimeout, idleTimeout),
                pick(before.maxLifetime, next.maxLifetime, maxLifetime),
                pick(before.lifetimeJitter, next.lifetimeJitter, lifetimeJitter),
                pick(before.connectTimeout, next.connectTimeout, connectTimeout),
                pick(before.handshakeTimeout, next.handshakeTimeout, handshakeTimeout),
                pick(before.checkInterval, next.checkInterval, checkInterval),
                pick(before.checkTimeout, next.checkTimeout, checkTimeout),
                pick(before.closeTimeout, next.closeTimeout, closeTimeout),
                pick(before.multiplexing, next.multiplexing, multiplexing));
    }

    /** Returns the next value where it differs from the one before, else the own. */
    static <T> T pick(T before, T next, T own) {
        return before.equals(next) ? own : next;
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.maxTotal = maxTotal;
        b.maxPerRoute = maxPerRoute;
        b.maxIdle = maxIdle;
        b.minIdlePerRoute = minIdlePerRoute;
        b.idleTimeout = idleTimeout;
        b.maxLifetime = maxLifetime;
        b.lifetimeJitter = lifetimeJitter;
        b.connectTimeout = connectTimeout;
        b.handshakeTimeout = handshakeTimeout;
        b.checkInterval = checkInterval;
        b.checkTimeout = checkTimeout;
        b.closeTimeout = closeTimeout;
        b.multiplexing = multiplexing;
        return b;
    }

    /**
     * Builds settings. Defaults: 100 connections, 10 for each route, idle ones not limited, none kept ready, idle 60 s,
     * lifetime 300 s less up to 10 %, connect 30 s, handshake 15 s, checked every 30 s within 10 s, graceful close 10 s,
     * HTTP/2 shared. Not thread-safe.
     */
    public static final class Builder {
        private int maxTotal = 100;
        private int maxPerRoute = 10;
        private int maxIdle = Integer.MAX_VALUE;
        private int minIdlePerRoute;
        private Duration idleTimeout = Duration.ofMinutes(1);
        private Duration maxLifetime = Duration.ofMinutes(5);
        private double lifetimeJitter = 0.1;
        private Duration connectTimeout = Duration.ofSeconds(30);
        private Duration handshakeTimeout = Duration.ofSeconds(15);
        private Duration checkInterval = Duration.ofSeconds(30);
        private Duration checkTimeout = Duration.ofSeconds(10);
        private Duration closeTimeout = Duration.ofSeconds(10);
        private boolean multiplexing = true;

        private Builder() {}

        public Builder maxTotal(int value) {
            maxTotal = value;
            return this;
        }

        public Builder maxPerRoute(int value) {
            maxPerRoute = value;
            return this;
        }

        public Builder maxIdle(int value) {
            maxIdle = value;
            return this;
        }

        public Builder minIdlePerRoute(int value) {
            minIdlePerRoute = value;
            return this;
        }

        public Builder idleTimeout(Duration value) {
            idleTimeout = value;
            return this;
        }

        public Builder maxLifetime(Duration value) {
            maxLifetime = value;
            return this;
        }

        public Builder lifetimeJitter(double value) {
            lifetimeJitter = value;
            return this;
        }

        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        public Builder handshakeTimeout(Duration value) {
            handshakeTimeout = value;
            return this;
        }

        public Builder checkInterval(Duration value) {
            checkInterval = value;
            return this;
        }

        public Builder checkTimeout(Duration value) {
            checkTimeout = value;
            return this;
        }

        public Builder closeTimeout(Duration value) {
            closeTimeout = value;
            return this;
        }

        public Builder multiplexing(boolean value) {
            multiplexing = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value or a combination is not allowed
         */
        public PoolSettings build() {
            return new PoolSettings(
                    maxTotal,
                    maxPerRoute,
                    maxIdle,
                    minIdlePerRoute,
                    idleTimeout,
                    maxLifetime,
                    lifetimeJitter,
                    connectTimeout,
                    handshakeTimeout,
                    checkInterval,
                    checkTimeout,
                    closeTimeout,
                    multiplexing);
        }
    }
}
