package io.github.hc5.utls.address;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One address that is not to be used for a while.
 *
 * @param host whose address it is as banned by a status; {@code null}: banned by the user, for every host
 * @param exit through which it was reached: a proxy or a source address; empty for the machine's own
 * @param count how many times in a row it was banned
 * @param remaining until it is tried again; zero or positive
 */
public record Ban(
        InetAddress address, @Nullable String host, String exit, int count, Duration remaining, String reason) {}
