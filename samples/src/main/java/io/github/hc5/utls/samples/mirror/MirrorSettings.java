package io.github.hc5.utls.samples.mirror;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a mirror server listens and negotiates. Immutable; start from {@link #defaults()} and change what differs.
 *
 * @param port the TCP port, 0 to 65535; 0 lets the system choose a free one
 * @param bindAddress the local address to listen on
 * @param provider the TLS implementation
 * @param alpn the application protocols the server accepts, most preferred first: {@code h2}, {@code http/1.1}; empty
 *     for a server without ALPN, which speaks HTTP/1.1
 * @param tlsVersions the versions the server accepts: {@code TLSv1.3}, {@code TLSv1.2}
 * @param forcedGroup the one named group the server accepts (for example {@code P-384}), so that a client that sends no
 *     key share for it gets a HelloRetryRequest; null for the provider's own choice. Only BoringSSL has this
 * @param certificateCompression the algorithms the server compresses its certificate with, most preferred first, for
 *     clients that offer them in TLS 1.3; empty for none. Has no effect with the JDK's provider
 * @param historySize how many connections are kept for {@link MirrorServer#connections()}, 1 to 100,000; the oldest
 *     goes first
 * @param names host names the certificate is valid for besides {@code localhost}, {@code 127.0.0.1} and {@code ::1};
 *     a name may start with {@code *.} or be an IP address
 */
public record MirrorSettings(
        int port,
        InetAddress bindAddress,
        TlsProvider provider,
        List<String> alpn,
        List<String> tlsVersions,
        @Nullable String forcedGroup,
        List<CertificateCompression> certificateCompression,
        int historySize,
        List<String> names) {

    private static final Set<String> ALPN = Set.of("h2", "http/1.1");
    private static final Set<String> TLS_VERSIONS = Set.of("TLSv1.3", "TLSv1.2");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_HISTORY = 100_000;
    private static final int MAX_NAME_LENGTH = 253;
    private static final Pattern HOST_NAME = Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    /**
     * @throws IllegalArgumentException if a value is outside of what its parameter allows; the message names it
     */
    public MirrorSettings {
        require(port >= 0 && port <= MAX_PORT, "port", port, "0 to 65535");
        require(historySize >= 1 && historySize <= MAX_HISTORY, "historySize", historySize, "1 to 100000");
        alpn = List.copyOf(alpn);
        for (String protocol : alpn) {
            require(ALPN.contains(protocol), "alpn", protocol, "h2, http/1.1");
        }
        tlsVersions = List.copyOf(tlsVersions);
        require(!tlsVersions.isEmpty(), "tlsVersions", tlsVersions, "at least one of TLSv1.3, TLSv1.2");
        for (String version : tlsVersions) {
            require(TLS_VERSIONS.contains(version), "tlsVersions", version, "TLSv1.3, TLSv1.2");
        }
        certificateCompression = List.copyOf(certificateCompression);
        names = List.copyOf(names);
        for (String name : names) {
            require(IPAddress.isValid(name) || isHostName(name), "names", name, "ASCII host names, IP addresses");
        }
        require(forcedGroup == null || !forcedGroup.isBlank(), "forcedGroup", "blank", "a named group or none");
        require(
                forcedGroup == null || provider != TlsProvider.JDK,
                "forcedGroup",
                forcedGroup,
                "none with the JDK's provider, which cannot restrict its groups");
    }

    /**
     * Returns the defaults: a free port on 127.0.0.1, the best provider there is, h2 and http/1.1, TLS 1.3 and 1.2, any
     * group, brotli, zlib and zstd, a history of 256 connections, no extra names.
     */
    public static MirrorSettings defaults() {
        return new MirrorSettings(
                0,
                loopback(),
                TlsProvider.AUTO,
                List.of("h2", "http/1.1"),
                List.of("TLSv1.3", "TLSv1.2"),
                null,
                List.of(CertificateCompression.BROTLI, CertificateCompression.ZLIB, CertificateCompression.ZSTD),
                256,
                List.of());
    }

    /** Returns a copy with another {@link #port()}. */
    public MirrorSettings withPort(int port) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                tlsVersions,
                forcedGroup,
                certificateCompression,
                historySize,
                names);
    }

    /** Returns a copy with another {@link #bindAddress()}. */
    public MirrorSettings withBindAddress(InetAddress bindAddress) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                tlsVersions,
                forcedGroup,
                certificateCompression,
                historySize,
                names);
    }

    /** Returns a copy with another {@link #provider()}. */
    public MirrorSettings withProvider(TlsProvider provider) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                tlsVersions,
                forcedGroup,
                certificateCompression,
                historySize,
                names);
    }

    /** Returns a copy with another {@link #alpn()}. */
    public MirrorSettings withAlpn(String... alpn) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                List.of(alpn),
                tlsVersions,
                forcedGroup,
                certificateCompression,
                historySize,
                names);
    }

    /** Returns a copy with another {@link #tlsVersions()}. */
    public MirrorSettings withTlsVersions(String... tlsVersions) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                List.of(tlsVersions),
                forcedGroup,
                certificateCompression,
                historySize,
                names);
    }

    /** Returns a copy with another {@link #forcedGroup()}. */
    public MirrorSettings withForcedGroup(@Nullable String forcedGroup) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                tlsVersions,
                forcedGroup,
                certificateCompression,
                historySize,
                names);
    }

    /** Returns a copy with another {@link #certificateCompression()}. */
    public MirrorSettings withCertificateCompression(CertificateCompression... certificateCompression) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                tlsVersions,
                forcedGroup,
                List.of(certificateCompression),
                historySize,
                names);
    }

    /** Returns a copy with another {@link #historySize()}. */
    public MirrorSettings withHistorySize(int historySize) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                tlsVersions,
                forcedGroup,
                certificateCompression,
                historySize,
                names);
    }

    /** Returns a copy with another {@link #names()}. */
    public MirrorSettings withNames(String... names) {
        return new MirrorSettings(
                port,
                bindAddress,
                provider,
                alpn,
                tlsVersions,
                forcedGroup,
                certificateCompression,
                historySize,
                List.of(names));
    }

    private static boolean isHostName(String name) {
        return name.length() <= MAX_NAME_LENGTH && HOST_NAME.matcher(name).matches();
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException impossible) {
            throw new AssertionError("four bytes are an IPv4 address", impossible);
        }
    }

    private static void require(boolean condition, String key, @Nullable Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException(key + " value was set to " + value + ", allowed: " + allowed);
        }
    }
}
