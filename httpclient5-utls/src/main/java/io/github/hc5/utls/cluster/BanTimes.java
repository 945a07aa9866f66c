package io.github.hc5.utls.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When bans were made and addresses lifted, in milliseconds of the clock of Redis, so that news that arrive out of order
 * have the same outcome: of a ban and a lift the later one counts. What is done here is later than all that is known here,
 * as by a hybrid logical clock (Kulkarni and others, 2014), for nodes know the clock of Redis only as well as a round trip
 * tells. A ban of which it is not known when it was made, one from a file say, was made before any lift. Confined to one
 * thread.
 */
final class BanTimes {

    /** How long a lift is remembered: a node that was away for longer may bring back a ban. */
    static final Duration MEMORY = Duration.ofDays(1);

    /** By {@code address|host|exit}. */
    private final Map<String, Long> bans = new HashMap<>();

    /** By address. */
    private final Map<String, Long> lifts = new HashMap<>();

    /** Whether a lift, as it is stored, is too old to matter, or not of this form. */
    static boolean isOld(String at, long nowMillis) {
        try {
            return isOld(Long.parseLong(at), nowMillis);
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private static boolean isOld(long atMillis, long nowMillis) {
        return nowMillis - atMillis > MEMORY.toMillis();
    }

    /** A ban is made here, after all that is known here, however the clocks of two nodes differ; returns its time. */
    long ban(String key, long nowMillis) {
        long at = Math.max(nowMillis, lifts.getOrDefault(ip(key), -1L) + 1);
        banned(key, at);
        return at;
    }

    /** An address is lifted here, after all that is known here; returns the time. */
    long lift(String ip, long nowMillis) {
        long at = nowMillis;
        for (Map.Entry<String, Long> ban : bans.entrySet()) {
            if (ip(ban.getKey()).equals(ip)) {
                at = Math.max(at, ban.getValue());
            }
        }
        lifted(ip, at);
        return at;
    }

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
        lifts.values().removeIf(at -> isOld(at, nowMillis));
    }

    private static String ip(String key) {
        return key.substring(0, key.indexOf('|'));
    }
}
