package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Grease;
import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsExtensionsUtils;

/**
 * A HelloRetryRequest that asks for its cookie and nothing else (RFC 8446 section 4.1.4 allows it, and servers that keep
 * no state send it). BC takes the missing key_share for an error, so it is shown one for a group that got no share; the
 * second hello then repeats the first one's shares, as a browser's does.
 */
@SuppressWarnings("JdkObsolete") // BC's API is of Hashtable
final class CookieOnlyRetry {

    private CookieOnlyRetry() {}

    /** Returns whether the request names no group and so leaves the key shares as they are. */
    static boolean is(ServerHello request) {
        Hashtable<?, ?> extensions = request.getExtensions();
        return extensions != null
                && extensions.containsKey(ExtensionSpec.COOKIE)
                && !extensions.containsKey(ExtensionSpec.KEY_SHARE);
    }

    /** Puts in the group that BC wants to see; without one to name, BC refuses the request. */
    static void complete(ServerHello request, ClientHelloSpec spec) throws IOException {
        List<Integer> shared = spec.extension(ExtensionSpec.KeyShares.class)
                .map(ExtensionSpec.KeyShares::groups)
                .orElse(List.of());
        List<Integer> groups = spec.extension(ExtensionSpec.SupportedGroups.class)
                .map(ExtensionSpec.SupportedGroups::groups)
                .orElse(List.of());
        for (int group : groups) {
            if (group != Grease.PLACEHOLDER && !shared.contains(group)) {
                TlsExtensionsUtils.addKeyShareHelloRetryRequest(request.getExtensions(), group);
                return;
            }
        }
    }
}
