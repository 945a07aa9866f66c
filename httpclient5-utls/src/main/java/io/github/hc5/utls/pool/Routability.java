package io.github.hc5.utls.pool;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which address families this machine has no route for, as its own kernel says when it is to connect (ENETUNREACH,
 * EAFNOSUPPORT, EADDRNOTAVAIL), before a packet leaves. That says nothing of the host that was asked: on a machine without
 * IPv6, half of all hosts' addresses would be ejected, and what may be out at once would be used up by them. So the
 * addresses of such a family are passed over instead, where there are others, and tried again after a minute.
 *
 * <p>Loopback, link-local and private addresses have routes of their own, and are not concerned. Thread-safe.
 */
final class Routability {

    static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The addresses that a default route is for, by family. */
    enum Family {
        LOCAL,
        IPV4,
        IPV6;

        static Family of(@Nullable InetAddress address) {
            if (address == null
                    || address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()) {
                return LOCAL;
            }
            if (!(address instanceof Inet6Address)) {
                return IPV4;
            }
            // unique local addresses, fc00::/7 (RFC 4193)
            return (address.getAddress()[0] & 0xFE) == 0xFC ? LOCAL : IPV6;
        }
    }

    private volatile boolean ipv4Out;
    private volatile boolean ipv6Out;

    /** Guarded by this: when they are tried again. */
    private long ipv4Until;

    /** Guarded by this. */
    private long ipv6Until;

    /**
     * Whether a failure to connect says that this machine has no route. The JDK tells so by the text of the C library
     * alone.
     *
     * @param bound whether the source address was prescribed, which then may be what is missing
     */
    static boolean isNoRoute(Exception cause, boolean bound) {
        String text = cause.getMessage();
        return cause instanceof SocketException
                && text != null
                && (text.contains("Network is unreachable")
                        || text.contains("Address family not supported")
                        || (!bound && text.contains("Cannot assign requested address")));
    }

    boolean isOut(Family family) {
        return switch (family) {
            case LOCAL -> false;
            case IPV4 -> ipv4Out;
            case IPV6 -> ipv6Out;
        };
    }

    /** There is no route for the family; returns whether that is news. */
    synchronized boolean lost(Family family, long nowNanos) {
        boolean news = !isOut(family);
        if (family == Family.IPV6) {
            ipv6Out = true;
            ipv6Until = nowNanos + MEMORY_NANOS;
        } else if (family == Family.IPV4) {
            ipv4Out = true;
            ipv4Until = nowNanos + MEMORY_NANOS;
        }
        return news;
    }

    /** A connect went through. */
    void works(Family family) {
        if (isOut(family)) {
            synchronized (this) {
                ipv6Out &= family != Family.IPV6;
                ipv4Out &= family != Family.IPV4;
            }
        }
    }

    /** Forgets what has been remembered for long enough; returns whether anything was. */
    boolean renew(long nowNanos) {
        if (!ipv4Out && !ipv6Out) {
            return false;
        }
        synchronized (this) {
            boolean ipv4 = ipv4Out && nowNanos - ipv4Until >= 0;
            boolean ipv6 = ipv6Out && nowNanos - ipv6Until >= 0;
            ipv4Out &= !ipv4;
            ipv6Out &= !ipv6;
            return ipv4 || ipv6;
        }
    }
}
