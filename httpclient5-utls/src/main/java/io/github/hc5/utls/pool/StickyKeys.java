package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.StickyKey;
import org.jspecify.annotations.Nullable;

/** Which user tokens keep a client on one address or exit. */
final class StickyKeys {

    private StickyKeys() {}

    static @Nullable StickyKey of(@Nullable Object userToken) {
        if (userToken instanceof ClientKey client) {
            return client.sticky();
        }
        return userToken instanceof StickyKey sticky ? sticky : null;
    }
}
