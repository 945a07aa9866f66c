package io.github.hc5.utls.cluster;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.address.BanListener;
import io.github.hc5.utls.pool.PoolAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares the bans of a pool, and their lifting, with those of all nodes that use the same Redis and key prefix. What one
 * node bans, by status or by the user, is told by topic and in force on the others at once; it is stored too, so a node
 * that starts, was away, or missed the message has it with its next look, every {@value #LOOK_EVERY} heartbeats. So bans
 * survive the restart of any node.
 *
 * <p>A lift is stored as well, and is in force on every ban of that address that was made before: a node that had read the
 * ban just then, or was away, must not bring it back.
 *
 * <p>Clocks: beginning and end of a ban are stored in the time of Redis, and each node turns the end into a time left by
 * its own measured offset from that clock, which is wrong by half a round trip at most. From there on it counts by its
 * monotonic clock.
 *
 * <p>While Redis is down each pool bans for itself; what it has then is told once Redis is back, also if that lost its data.
 * Thread-safe; no call blocks.
 */
public final class RedisPoolState implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisPoolState.class);
    private static final String BANS = "bans";
    private static final String LIFTS = "lifts";
    private static final int LOOK_EVERY = 5;

    private final RedisLink link;
    private final PoolAddresses addresses;
    private final Exchange exchange = new Exchange();

    /** Confined to the link's thread. */
    private final BanTimes times = new BanTimes();

    /** Confined to the link's thread. */
    private int beats;

    RedisPoolState(RedisLink link, PoolAddresses addresses) {
        this.link = link;
        this.addresses = addresses;
        link.add(exchange);
        addresses.setBanListener(new Teller());
    }

    /** Tells what happens here. */
    private final class Teller implements BanListener {

        @Override
        public void banned(Ban ban) {
            link.run(() -> store(ban, times.ban(key(ban), redisMillis())));
        }

        @Override
        public void lifted(InetAddress address) {
            String ip = address.getHostAddress();
            link.run(() -> tell(ip, times.lift(ip, redisMillis())));
        }
    }

    private RMap<String, String> map(RedissonClient client, String name) {
        return client.getMap(link.key(name), StringCodec.INSTANCE);
    }

    private static String key(Ban ban) {
        String host = ban.host();
        return ban.address().getHostAddress() + "|" + (host == null ? "" : host) + "|" + ban.exit();
    }

    private long redisMillis() {
        return System.currentTimeMillis() + link.offsetMillis();
    }

    private void store(Ban ban, long sinceMillis) {
        // as far ahead as a date goes, for a ban without end
        long left = Math.min(ban.remaining().toMillis(), Duration.ofDays(36_500).toMillis());
        String value =
                (redisMillis() + left) + "|" + ban.count() + "|" + ban.reason().replace('|', ' ') + "|" + sinceMillis;
        String key = key(ban);
        link.ask(
                client -> map(client, BANS).fastPutAsync(key, value),
                Answers.got(isNew -> link.publish("ban", key, value, link.node)));
    }

    /** Tells of a lift, and stores it before the bans go, for those who have read them but not yet taken them over. */
    private void tell(String ip, long atMillis) {
        link.publish("lift", ip, String.valueOf(atMillis), link.node);
        link.ask(client -> map(client, LIFTS).fastPutAsync(ip, String.valueOf(atMillis)), Answers.got(isNew -> {
            link.ask(client -> map(client, LIFTS).expireAsync(BanTimes.MEMORY), Answers.ignored());
            look();
        }));
    }

    /** What is stored of a ban, or told. */
    private record Shared(Ban ban, long sinceMillis) {}

    /** Reads {@code address|host|exit} and {@code until|count|reason|since}; {@code null} if it is over or not of this form. */
    private @Nullable Shared parse(String key, String value) {
        String[] place = key.split("\\|", -1);
        String[] ban = value.split("\\|", -1);
        try {
            long left = Long.parseLong(ban[0]) - redisMillis();
            if (left <= 0) {
                return null;
            }
            Ban read = new Ban(
                    InetAddress.getByName(place[0]),
                    place[1].isEmpty() ? null : place[1],
                    place[2],
                    Integer.parseInt(ban[1]),
                    Duration.ofMillis(left),
                    ban[2]);
            return new Shared(read, Long.parseLong(ban[3]));
        } catch (UnknownHostException | RuntimeException e) {
            LOG.warn("a ban in Redis is not understood: {}", key);
            return null;
        }
    }

    /** Takes over what is stored, drops what is over or lifted, and stores what is missing. */
    private void look() {
        link.ask(
                client -> map(client, LIFTS).readAllMapAsync(),
                Answers.got(lifts -> link.ask(
                        client -> map(client, BANS).readAllMapAsync(), Answers.got(bans -> merge(lifts, bans)))));
    }

    private void merge(Map<String, String> lifts, Map<String, String> stored) {
        long now = redisMillis();
        List<String> old = new ArrayList<>();
        lifts.forEach((ip, at) -> {
            if (BanTimes.isOld(at, now)) {
                // taken over again, it would bring the address back after each later ejection
                old.add(ip);
            } else {
                adoptLift(ip, at);
            }
        });
        remove(LIFTS, old);
        times.lifts().forEach((ip, atMillis) -> {
            if (!String.valueOf(atMillis).equals(lifts.get(ip))) {
                tell(ip, atMillis);
            }
        });
        List<Ban> bans = new ArrayList<>();
        List<String> over = new ArrayList<>();
        stored.forEach((key, value) -> {
            Shared shared = parse(key, value);
            if (shared != null && times.isInForce(key, shared.sinceMillis())) {
                times.banned(key, shared.sinceMillis());
                bans.add(shared.ban());
            } else {
                over.add(key);
            }
        });
        Set<String> known = new HashSet<>(stored.keySet());
        for (Ban own : addresses.bans()) {
            String key = key(own);
            if (known.add(key)) {
                if (times.isInForce(key, times.since(key))) {
                    store(own, times.since(key));
                } else {
                    addresses.adoptLift(own.address());
                }
            }
        }
        addresses.adopt(bans);
        times.forget(now, known);
        remove(BANS, over);
    }

    private void remove(String name, List<String> keys) {
        if (!keys.isEmpty()) {
            link.ask(client -> map(client, name).fastRemoveAsync(keys.toArray(String[]::new)), Answers.ignored());
        }
    }

    /** Ends the bans of an address that were made before it was lifted elsewhere. */
    private void adoptLift(String ip, String at) {
        try {
            if (times.lifted(ip, Long.parseLong(at))) {
                addresses.adoptLift(InetAddress.getByName(ip));
            }
        } catch (UnknownHostException | NumberFormatException e) {
            LOG.warn("a lift in Redis is not understood: {} at {}", ip, at);
        }
    }

    private final class Exchange implements RedisLink.Member {

        @Override
        public void beat(RedissonClient client) {
            if (link.isUp() && ++beats % LOOK_EVERY == 0) {
                look();
            }
        }

        @Override
        public void changed(ClusterState before, ClusterState after) {
            if (after == ClusterState.UP) {
                look();
            }
        }

        @Override
        public void received(List<String> words) {
            if (words.get(words.size() - 1).equals(link.node)) {
                return;
            }
            if (words.get(0).equals("ban") && words.size() == 9) {
                String key = String.join("|", words.subList(1, 4));
                Shared shared = parse(key, String.join("|", words.subList(4, 8)));
                if (shared != null && times.isInForce(key, shared.sinceMillis())) {
                    times.banned(key, shared.sinceMillis());
                    addresses.adopt(List.of(shared.ban()));
                }
            } else if (words.get(0).equals("lift") && words.size() == 4) {
                adoptLift(words.get(1), words.get(2));
            }
        }

        @Override
        public CompletionStage<?> leave(RedissonClient client) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Tells and hears no more; bans in force stay so. */
    @Override
    public void close() {
        addresses.setBanListener(null);
        link.remove(exchange);
    }
}
