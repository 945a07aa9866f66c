package io.github.hc5.utls.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * An origin (RFC 6454): scheme, host and port, and how two of them relate as Fetch Metadata (Sec-Fetch-Site) sees it.
 *
 * @param scheme in lower case
 * @param host in lower case, an IPv6 literal without brackets
 * @param port the port, the scheme's own where none is named; -1 where the scheme has none
 */
record RequestOrigin(String scheme, String host, int port) {

    /** Second-level labels under which registries of countries hand out names. */
    private static final Set<String> REGISTRY_LABELS =
            Set.of("ac", "co", "com", "edu", "go", "gob", "gov", "mil", "ne", "net", "nom", "or", "org", "sch");

    /** Returns the origin that a request goes to, {@code null} if the request does not say. */
    static @Nullable RequestOrigin of(HttpRequest request) {
        URIAuthority authority = request.getAuthority();
        String scheme = request.getScheme();
        if (authority == null || scheme == null) {
            return null;
        }
        return of(scheme, authority.getHostName(), authority.getPort());
    }

    /** Returns whether a request goes to this origin and says so in the same words. */
    boolean isOf(HttpRequest request) {
        URIAuthority authority = request.getAuthority();
        return authority != null
                && scheme.equals(request.getScheme())
                && host.equals(authority.getHostName())
                && port == (authority.getPort() < 0 ? defaultPort(scheme) : authority.getPort());
    }

    /** Returns the origin of a URL, {@code null} if it is none. */
    static @Nullable RequestOrigin of(String url) {
        try {
            URI uri = new URI(url);
            return uri.getScheme() == null || uri.getHost() == null
                    ? null
                    : of(uri.getScheme(), uri.getHost(), uri.getPort());
        } catch (URISyntaxException ex) {
            return null;
        }
    }

    private static RequestOrigin of(String scheme, String host, int port) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        int standard = defaultPort(lower);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new RequestOrigin(lower, bare.toLowerCase(Locale.ROOT), port < 0 ? standard : port);
    }

    /** Returns the value of Sec-Fetch-Site for a request to this origin made by a document of another. */
    String siteOf(RequestOrigin initiator) {
        if (equals(initiator)) {
            return "same-origin";
        }
        return scheme.equals(initiator.scheme) && isSameSite(host, initiator.host) ? "same-site" : "cross-site";
    }

    /** Returns whether browsers treat the origin as secure: by TLS, or because it is this machine. */
    boolean isTrustworthy() {
        return scheme.equals("https")
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("::1");
    }

    /** Returns the origin as the header Origin says it. */
    @Override
    public String toString() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme + "://" + name + (port == defaultPort(scheme) || port < 0 ? "" : ":" + port);
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            default -> -1;
        };
    }

    private static boolean isSameSite(String host, String other) {
        if (host.equals(other)) {
            return true;
        }
        boolean literal = isLiteral(host) || isLiteral(other);
        return !literal && site(host).equals(site(other));
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || (!host.isEmpty() && Character.isDigit(host.charAt(host.length() - 1)));
    }

    /**
     * Returns the registrable domain as far as it can be told without the Public Suffix List: two labels, or three where
     * the second is one that countries' registries use.
     */
    private static String site(String host) {
        int last = host.lastIndexOf('.');
        int second = last < 0 ? -1 : host.lastIndexOf('.', last - 1);
        if (second < 0) {
            return host;
        }
        boolean country = host.length() - last - 1 == 2 && REGISTRY_LABELS.contains(host.substring(second + 1, last));
        if (!country) {
            return host.substring(second + 1);
        }
        int third = host.lastIndexOf('.', second - 1);
        return host.substring(third + 1);
    }
}
