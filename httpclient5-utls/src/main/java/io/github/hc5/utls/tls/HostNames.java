package io.github.hc5.utls.tls;

import java.net.IDN;
import java.util.regex.Pattern;
import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/** The name that a browser puts into server_name for a host. */
final class HostNames {

    private static final Pattern TRAILING_DOT = Pattern.compile("\\.$");

    private HostNames() {}

    /** Returns the ASCII name, or null for an IP literal or an unknown host, for which browsers leave SNI out. */
    static @Nullable String serverName(@Nullable String host) {
        if (host == null || host.isEmpty() || InetAddressUtils.isIPv4(host) || isIpv6(host)) {
            return null;
        }
        return TRAILING_DOT.matcher(IDN.toASCII(host)).replaceFirst("");
    }

    private static boolean isIpv6(String host) {
        // No DNS name holds a colon; an IPv6 literal does, in brackets or with a zone too.
        return host.indexOf(':') >= 0;
    }
}
