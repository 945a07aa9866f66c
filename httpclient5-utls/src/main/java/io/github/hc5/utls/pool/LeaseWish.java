package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.StickyKey;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a lease wishes of the address it gets.
 *
 * @param key under the sticky policy
 * @param avoided addresses on which the same exchange has failed before
 */
record LeaseWish(@Nullable StickyKey key, List<InetSocketAddress> avoided) {

    static @Nullable LeaseWish of(@Nullable StickyKey key, List<InetSocketAddress> avoided) {
        return key == null && avoided.isEmpty() ? null : new LeaseWish(key, avoided);
    }

    static boolean avoidsAny(@Nullable LeaseWish wish) {
        return wish != null && !wish.avoided.isEmpty();
    }

    static boolean avoids(@Nullable LeaseWish wish, Target target) {
        return wish != null && wish.avoided.contains(target.socketAddress);
    }
}
