package io.github.hc5.utls.config;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.HostPattern;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** Types of values that are texts of a certain form. */
final class Texts {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

    private Texts() {}

    /** A list of addresses and blocks. */
    static ValueType<List<String>> blocks() {
        return ValueType.list(
                ValueType.text("a block", Texts::blockProblem),
                true,
                "IP addresses or blocks such as 192.0.2.0/24 or 2001:db8::/32, each once");
    }

    private static @Nullable String blockProblem(String text) {
        try {
            AddressFilter.builder().deny(text);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** A list of addresses. */
    static ValueType<List<InetAddress>> addresses() {
        return ValueType.list(address(), false, "one or more IP addresses such as 192.0.2.1 or 2001:db8::1, each once");
    }

    private static ValueType<InetAddress> address() {
        return ValueType.text("an IP address", text -> isAddress(text) ? null : "")
                .map(Texts::address, InetAddress::getHostAddress);
    }

    private static boolean isAddress(String text) {
        try {
            address(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Reads an address; never asks DNS.
     *
     * @throws IllegalArgumentException if it is none
     */
    static InetAddress address(String text) {
        if (IPV4.matcher(text).matches()
                || IPV6.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                // said below
            }
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is not an IP address, must be such as 192.0.2.1 or 2001:db8::1");
    }

    /** A list of status codes. */
    static ValueType<Set<Integer>> statuses(int least) {
        String allowed = "a list of statuses from " + least + " to 599, each once";
        return ValueType.list(ValueType.integer(least, 599), true, allowed)
                .map(TreeSet::new, values -> List.copyOf(new TreeSet<>(values)));
    }

    /** A list of proxies. */
    static ValueType<List<HttpHost>> proxies() {
        return ValueType.list(
                ValueType.text("a proxy", text -> proxyOf(text) == null ? proxyProblem(text) : null)
                        .map(text -> Objects.requireNonNull(proxyOf(text)), HttpHost::toURI),
                false,
                "one or more proxies as http://host:port, each once");
    }

    private static String proxyProblem(String text) {
        return text.contains("@") ? "has credentials in a URL; username and password are keys of their own" : "";
    }

    static @Nullable HttpHost proxyOf(String text) {
        try {
            URI uri = new URI(text);
            boolean plain = uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && (uri.getPath() == null
                            || uri.getPath().isEmpty()
                            || uri.getPath().equals("/"));
            return "http".equals(uri.getScheme())
                            && uri.getHost() != null
                            && uri.getPort() > 0
                            && uri.getPort() <= 65_535
                            && plain
                    ? new HttpHost("http", uri.getHost(), uri.getPort())
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** A URL of http or https. */
    static ValueType<URI> url() {
        return ValueType.text("an http or https URL", text -> urlOf(text) == null ? "" : null)
                .map(text -> Objects.requireNonNull(urlOf(text)), URI::toString);
    }

    private static @Nullable URI urlOf(String text) {
        try {
            URI uri = new URI(text);
            boolean scheme = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return scheme && uri.getHost() != null ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Reads a host pattern; an {@link IllegalArgumentException} says that it is none. */
    static HostPattern pattern(String text) {
        return new HostPattern(text);
    }
}
