package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.StickyKey;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user token of what a site takes for one person: a cookie jar, an account. Set it in the context of each of its
 * requests ({@code context.setUserToken(key)}), or have {@link CookieStoreKeys} do so.
 *
 * <p>Connections that are opened for a key serve its requests alone, and its requests use no others, so that a site never
 * sees two keys on one connection. With a policy that chooses by the key, all of them show the same profile; under the
 * sticky rotation policy it also works as a {@link StickyKey}. Immutable.
 */
public final class ClientKey {

    private final String name;
    private final StickyKey sticky;

    private ClientKey(String name) {
        this.name = name;
        this.sticky = StickyKey.of(name);
    }

    /**
     * Returns the key of a name. Equal names are the same key, in all processes.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public static ClientKey of(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of the key is empty, must be one character or more");
        }
        return new ClientKey(name);
    }

    /** Returns a key that no one else has, as for a new cookie jar. */
    public static ClientKey fresh() {
        return new ClientKey(UUID.randomUUID().toString());
    }

    /** Returns the key that a user token is; {@code null} where it is none. */
    static @Nullable ClientKey from(@Nullable Object userToken) {
        return userToken instanceof ClientKey key ? key : null;
    }

    public String name() {
        return name;
    }

    /** Returns what keeps the requests of this key on one address under the sticky rotation policy. */
    public StickyKey sticky() {
        return sticky;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientKey key && key.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "client key " + name;
    }
}
