package io.github.hc5.utls.pool;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.EndpointDetails;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Tally}s of one route, one for each address and profile, and one for what has neither. So many are kept at
 * most; then what is new is counted without its address and profile. Thread-safe; the methods that say so are called
 * under the lock of the {@link HostPool}, so that the bytes of a connection are counted as its own or as those of one that has
 * left, never as both.
 */
final class RouteTallies {

    private static final int MOST = 256;

    private record Key(
            @Nullable InetAddress address, @Nullable String profile) {}

    private static final Key NEITHER = new Key(null, null);

    private final Map<Key, Tally> tallies = new ConcurrentHashMap<>();
    private final Tally general = new Tally();

    /** What belongs to no address. */
    Tally general() {
        return general;
    }

    Tally of(@Nullable InetAddress address, @Nullable String profile) {
        if (address == null && profile == null) {
            return general;
        }
        Key key = new Key(address, profile);
        Tally tally = tallies.get(key);
        if (tally == null) {
            tally = tallies.size() < MOST ? tallies.computeIfAbsent(key, k -> new Tally()) : general;
        }
        return tally;
    }

    Tally of(@Nullable Target target) {
        return of(target != null ? target.address() : null, null);
    }

    /** Under lock: the connection is open. */
    void opened(HotConnection connection, long connectNanos) {
        connection.nameProfile();
        Tally tally = of(address(connection), connection.profile());
        connection.tally = tally;
        tally.increment(Tally.Count.OPENED);
        tally.add(Tally.Count.CONNECT_NANOS, connectNanos);
        long handshakeNanos = connection.handshakeNanos;
        if (handshakeNanos >= 0) {
            tally.increment(Tally.Count.HANDSHAKES);
            tally.add(Tally.Count.HANDSHAKE_NANOS, handshakeNanos);
            if (connection.isResumed()) {
                tally.increment(Tally.Count.RESUMPTIONS);
            }
        }
    }

    /** Under lock: the connection holds no slot any more. */
    void left(HotConnection connection) {
        Tally tally = tally(connection);
        CloseReason reason = connection.reason;
        tally.closed(reason != null ? reason : CloseReason.ENDED);
        EndpointDetails details = connection.getEndpointDetails();
        if (details != null) {
            tally.add(Tally.Count.BYTES_SENT, details.getSentBytesCount());
            tally.add(Tally.Count.BYTES_RECEIVED, details.getReceivedBytesCount());
        }
    }

    private Tally tally(HotConnection connection) {
        Tally tally = connection.tally;
        return tally != null ? tally : of(address(connection), null);
    }

    private static @Nullable InetAddress address(HotConnection connection) {
        Target target = connection.target;
        return target != null ? target.address() : null;
    }

    /** Under lock: all that has been counted, with the bytes of these connections, which are those that hold a slot. */
    List<RouteSnapshot.Part> parts(List<HotConnection> open) {
        Map<Tally, long[]> bytes = new HashMap<>();
        for (HotConnection c : open) {
            EndpointDetails details = c.getEndpointDetails();
            if (details != null) {
                long[] sum = bytes.computeIfAbsent(tally(c), t -> new long[2]);
                sum[0] += details.getSentBytesCount();
                sum[1] += details.getReceivedBytesCount();
            }
        }
        List<RouteSnapshot.Part> parts = new ArrayList<>();
        parts.add(part(NEITHER, general, bytes.get(general)));
        tallies.forEach((key, tally) -> parts.add(part(key, tally, bytes.get(tally))));
        return parts;
    }

    private static RouteSnapshot.Part part(Key key, Tally tally, long @Nullable [] bytes) {
        return new RouteSnapshot.Part(
                key.address, key.profile, bytes == null ? tally.figures() : tally.figures(bytes[0], bytes[1]));
    }
}
