package io.github.hc5.utls.resilience;

import java.time.Duration;

/**
 * How long each part of a request may take. The parts are limited one by one; the operation as a whole, with all its
 * tries, waits and redirects, has a deadline of its own. Immutable; {@link #builder()} starts from the defaults.
 *
 * @param connect for one TCP connect; positive, 10 s by default
 * @param handshake for one whole TLS handshake; positive, 15 s by default
 * @param response for the wait for a response, and for each further part of it, where the request sets none; positive, 30 s by default
 * @param operation for all tries and redirects together, up to the end of the response; positive, 60 s by default
 * @param adaptive whether the response timeout follows the response times of each host; false by default
 * @param adaptiveFactor the multiple of the mean response time that is waited then; 1 to 100, 4 by default
 * @param adaptiveFloor the least that is waited then; positive, 1 s by default
 * @param adaptiveCeiling the most; at least {@code adaptiveFloor}, 30 s by default
 */
public record TimeoutSettings(
        Duration connect,
        Duration handshake,
        Duration response,
        Duration operation,
        boolean adaptive,
        double adaptiveFactor,
        Duration adaptiveFloor,
        Duration adaptiveCeiling) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names
     */
    public TimeoutSettings {

        Values.positive("connect", connect);
        Values.positive("handshake", handshake);
        Values.positive("response", response);
        Values.positive("operation", operation);
        Values.range("adaptiveFactor", adaptiveFactor, 1, 100);
        Values.positive("adaptiveFloor", adaptiveFloor);
        Values.notBelow("adaptiveCeiling", adaptiveCeiling, "adaptiveFloor", adaptiveFloor);
    }

    /** Returns the defaults. */
    public static TimeoutSettings defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these settings. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.connect = connect;
        b.handshake = handshake;
        b.response = response;
        b.operation = operation;
        b.adaptive = adaptive;
        b.adaptiveFactor = adaptiveFactor;
        b.adaptiveFloor = adaptiveFloor;
        b.adaptiveCeiling = adaptiveCeiling;
        return b;
    }

    /** Builds settings; each setter is named after the value it sets. Not thread-safe. */
    public static final class Builder {
        private Duration connect = Duration.ofSeconds(10);
        private Duration handshake = Duration.ofSeconds(15);
        private Duration response = Duration.ofSeconds(30);
        private Duration operation = Duration.ofSeconds(60);
        private boolean adaptive = false;
        private double adaptiveFactor = 4.0;
        private Duration adaptiveFloor = Duration.ofSeconds(1);
        private Duration adaptiveCeiling = Duration.ofSeconds(30);

        private Builder() {}

        public Builder connect(Duration value) {
            connect = value;
            return this;
        }

        public Builder handshake(Duration value) {
            handshake = value;
            return this;
        }

        public Builder response(Duration value) {
            response = value;
            return this;
        }

        public Builder operation(Duration value) {
            operation = value;
            return this;
        }

        public Builder adaptive(boolean value) {
            adaptive = value;
            return this;
        }

        public Builder adaptiveFactor(double value) {
            adaptiveFactor = value;
            return this;
        }

        public Builder adaptiveFloor(Duration value) {
            adaptiveFloor = value;
            return this;
        }

        public Builder adaptiveCeiling(Duration value) {
            adaptiveCeiling = value;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is not allowed
         */
        public TimeoutSettings build() {
            return new TimeoutSettings(
                    connect, handshake, response, operation, adaptive, adaptiveFactor, adaptiveFloor, adaptiveCeiling);
        }
    }
}
