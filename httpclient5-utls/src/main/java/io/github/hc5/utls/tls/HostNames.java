package io.github.hc5.utls.tls;

import java.net.IDN;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/** The name that a browser puts into server_name for a host. */
final class HostNames {

    private static final int DNS_NAME = 2;
    private static final Pattern TRAILING_DOT = Pattern.compile("\\.$");

    private HostNames() {}

    /** Returns the ASCII name, or null for an IP literal or an unknown host, for which browsers leave SNI out. */
    static @Nullable String serverName(@Nullable String host) {
        if (host == null || host.isEmpty() || InetAddressUtils.isIPv4(host) || isIpv6(host)) {
            return null;
        }
        return TRAILING_DOT.matcher(IDN.toASCII(host)).replaceFirst("");
    }

    /**
     * Refuses a certificate whose only match is a wildcard elsewhere than in place of the whole first label, which RFC 9525
     * section 6.3 and browsers take for no match; the JDK and HttpClient match it.
     *
     * @throws SSLPeerUnverifiedException if there is no other match
     */
    static void requireSoundWildcard(String host, X509Certificate certificate)
            throws CertificateException, SSLPeerUnverifiedException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives == null || serverName(host) == null) {
            return;
        }
        List<String> names = alternatives.stream()
                .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                .map(name -> (String) name.get(1))
                .toList();
        if (names.stream().anyMatch(HostNames::hasMisplacedWildcard)
                && names.stream().noneMatch(name -> matches(host, name))) {
            throw new SSLPeerUnverifiedException("Certificate for <" + host
                    + "> doesn't match any of the subject alternative names: " + names
                    + ", a wildcard stands for the whole first label");
        }
    }

    private static boolean hasMisplacedWildcard(String name) {
        return name.lastIndexOf('*') > 0 || (name.startsWith("*") && !name.startsWith("*."));
    }

    private static boolean matches(String host, String name) {
        int dot = host.indexOf('.');
        return !hasMisplacedWildcard(name)
                && (name.equalsIgnoreCase(host)
                        || (name.startsWith("*.")
                                && dot > 0
                                && host.substring(dot).equalsIgnoreCase(name.substring(1))));
    }

    private static boolean isIpv6(String host) {
        // No DNS name holds a colon; an IPv6 literal does, in brackets or with a zone too.
        return host.indexOf(':') >= 0;
    }
}
