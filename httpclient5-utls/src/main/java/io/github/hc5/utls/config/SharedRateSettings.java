package io.github.hc5.utls.config;

import java.time.Duration;

/**
 * A rate of requests by host that all machines keep together.
 *
 * @param count requests to one host that may begin in each interval; 1 or more
 * @param interval 1 ms to 1 day
 */
public record SharedRateSettings(int count, Duration interval) {}
