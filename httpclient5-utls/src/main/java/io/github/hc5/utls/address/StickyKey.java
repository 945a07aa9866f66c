package io.github.hc5.utls.address;

import java.util.Objects;

/**
 * What keeps requests on one address under {@link RotationPolicy#STICKY}: set it as the user token of a request's
 * context. Requests with equal keys go to the same address as long as that one is well; connections are not kept apart by
 * it. A cookie store makes a good key: {@code context.setUserToken(StickyKey.ofIdentity(cookieStore))}.
 *
 * @param hash where the key stands among all keys
 */
public record StickyKey(int hash) {

    /** Returns a key for this very object, whatever it holds now or later. */
    public static StickyKey ofIdentity(Object object) {
        return new StickyKey(System.identityHashCode(Objects.requireNonNull(object)));
    }

    /** Returns a key that is the same for equal names. */
    public static StickyKey of(String name) {
        return new StickyKey(name.hashCode());
    }
}
