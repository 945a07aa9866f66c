package io.github.hc5.utls.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When bans were made and addresses lifted, in milliseconds of the clock of Redis, so that news that arrive out of order
 * have the same outcome: of a ban and a lift the later one counts. A ban of which it is not known when it was made, one
 * from a file say, was made before any lift. Confined to one thread.
 */
final class BanTimes {

    /** How long a lift is remembered: a node that was away for longer may bring back a ban. */
    static final Duration MEMORY = Duration.ofDays(1);

    /** By {@code address|host|exit}. */
    private final Map<String, Long> bans = new HashMap<>();

    /** By address. */
    private final Map<String, Long> lifts = new HashMap<>();

    void banned(String key, long atMillis) {
        bans.merge(key, atMillis, Math::max);
    }

    /** Returns whether this is news, and no ban of the address is younger. */
    boolean lifted(String ip, long atMillis) {
        if (lifts.getOrDefault(ip, 0L) >= atMillis) {
            return false;
        }
        lifts.put(ip, atMillis);
        bans.entrySet().removeIf(ban -> ip(ban.getKey()).equals(ip) && ban.getValue() <= atMillis);
        return bans.keySet().stream().noneMatch(key -> ip(key).equals(ip));
    }

    /** Whether a ban made then has not been lifted since. */
    boolean isInForce(String key, long sinceMillis) {
        return sinceMillis > lifts.getOrDefault(ip(key), -1L);
    }

    /** When a ban that is in force was made; 0 if that is not known. */
    long since(String key) {
        return bans.getOrDefault(key, 0L);
    }

    /** Returns the lifts that are remembered: address and time. */
    Map<String, Long> lifts() {
        return Map.copyOf(lifts);
    }

    /** Forgets the lifts that are too old to matter, and the bans that nobody has any more. */
    void forget(long nowMillis, Set<String> keys) {
        bans.keySet().retainAll(keys);
        lifts.values().removeIf(at -> nowMillis - at > MEMORY.toMillis());
    }

    private static String ip(String key) {
        return key.substring(0, key.indexOf('|'));
    }
}
