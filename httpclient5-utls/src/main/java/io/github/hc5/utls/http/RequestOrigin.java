package io.github.hc5.utls.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
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

    /**
     * Sites are registrable domains by the Public Suffix List, the private suffixes among them, as in browsers. HttpClient
     * has the list, and has read it for its cookies before the first request.
     */
    private static boolean isSameSite(String host, String other) {
        if (host.equals(other)) {
            return true;
        }
        if (isLiteral(host) || isLiteral(other)) {
            return false;
        }
        PublicSuffixMatcher suffixes = PublicSuffixMatcherLoader.getDefault();
        String site = suffixes.getDomainRoot(host);
        return site != null && site.equals(suffixes.getDomainRoot(other));
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || (!host.isEmpty() && Character.isDigit(host.charAt(host.length() - 1)));
    }
}
