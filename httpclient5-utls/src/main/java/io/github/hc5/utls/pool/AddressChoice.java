package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.address.StickyKey;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which of several connections a lease takes, by the rotation policy of their addresses. Static and without allocation,
 * as it runs for every lease of a host with more than one address.
 */
final class AddressChoice {

    private AddressChoice() {}

    /** Whether a lease on {@code a} is to be preferred to one on {@code b}. Not for the policies that draw at random. */
    static boolean isBetter(RotationPolicy policy, Target a, Target b, @Nullable LeaseWish wish) {
        return switch (policy) {
            case LEAST_USED -> a.leased() != b.leased() ? a.leased() < b.leased() : a.turn() < b.turn();
            case STICKY -> isStickier(a, b, wish);
            case LEAST_LATENCY ->
                a.health.latencyNanos() != b.health.latencyNanos()
                        ? a.health.latencyNanos() < b.health.latencyNanos()
                        : a.turn() < b.turn();
            case ROUND_ROBIN, WEIGHTED, RANDOM -> a.turn() < b.turn();
        };
    }

    static boolean isStickier(Target a, Target b, @Nullable LeaseWish wish) {
        StickyKey key = wish != null ? wish.key() : null;
        int hash = key != null ? key.hash() : 0;
        return a != b && a.rank(hash) < b.rank(hash);
    }

    /**
     * Picks among connections; {@code null} if none is eligible.
     *
     * @param strict whether avoided addresses are out of the question
     */
    static @Nullable HotConnection pick(
            HotConnection[] all,
            int count,
            HostTargets targets,
            @Nullable Object state,
            @Nullable LeaseWish wish,
            boolean strict) {
        RotationPolicy policy = targets.policy();
        if (policy == RotationPolicy.RANDOM) {
            return from(all, count, ThreadLocalRandom.current().nextInt(count), targets, state, wish, strict);
        }
        if (policy == RotationPolicy.LEAST_LATENCY) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            HotConnection a = from(all, count, random.nextInt(count), targets, state, wish, strict);
            HotConnection b = from(all, count, random.nextInt(count), targets, state, wish, strict);
            return a == null || b == null || !isBetter(policy, b.targetOrThrow(), a.targetOrThrow(), wish) ? a : b;
        }
        HotConnection best = null;
        for (int i = 0; i < count; i++) {
            HotConnection c = all[i];
            if (isEligible(c, targets, state, wish, strict)
                    && (best == null || isBetter(policy, c.targetOrThrow(), best.targetOrThrow(), wish))) {
                best = c;
            }
        }
        return best;
    }

    private static @Nullable HotConnection from(
            HotConnection[] all,
            int count,
            int start,
            HostTargets targets,
            @Nullable Object state,
            @Nullable LeaseWish wish,
            boolean strict) {
        for (int i = 0; i < count; i++) {
            HotConnection c = all[(start + i) % count];
            if (isEligible(c, targets, state, wish, strict)) {
                return c;
            }
        }
        return null;
    }

    private static boolean isEligible(
            HotConnection c, HostTargets targets, @Nullable Object state, @Nullable LeaseWish wish, boolean strict) {
        Target target = c.target;
        return target != null
                && c.serves(state)
                && c.hasRoom()
                && targets.isUsable(target)
                && !(strict && LeaseWish.avoids(wish, target));
    }
}
