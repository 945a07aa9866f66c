package io.github.hc5.utls.cluster;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.address.BanListener;
import io.github.hc5.utls.pool.PoolAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * <p>Clocks: the end of a ban is stored in the time of Redis, and each node turns it into a time left by its own measured
 * offset from that clock, which is wrong by half a round trip at most. From there on it counts by its monotonic clock.
 *
 * <p>While Redis is down each pool bans for itself; what it has then is told once Redis is back, also if that lost its data.
 * Thread-safe; no call blocks.
 */
public final class RedisPoolState implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisPoolState.class);
    private static final String BANS = "bans";
    private static final int LOOK_EVERY = 5;

    private final RedisLink link;
    private final PoolAddresses addresses;
    private final Exchange exchange = new Exchange();

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
            link.run(() -> store(ban));
        }

        @Override
        public void lifted(InetAddress address) {
            String ip = address.getHostAddress();
            link.run(() -> {
                link.publish("lift", ip, link.node);
                link.ask(client -> map(client).readAllKeySetAsync(), Answers.got(keys -> {
                    String[] gone = keys.stream()
                            .filter(key -> key.startsWith(ip + "|"))
                            .toArray(String[]::new);
                    if (gone.length > 0) {
                        link.ask(client -> map(client).fastRemoveAsync(gone), Answers.ignored());
                    }
                }));
            });
        }
    }

    private RMap<String, String> map(RedissonClient client) {
        return client.getMap(link.key(BANS), StringCodec.INSTANCE);
    }

    private static String key(Ban ban) {
        String host = ban.host();
        return ban.address().getHostAddress() + "|" + (host == null ? "" : host) + "|" + ban.exit();
    }

    private long redisMillis() {
        return System.currentTimeMillis() + link.offsetMillis();
    }

    private void store(Ban ban) {
        // as far ahead as a date goes, for a ban without end
        long left = Math.min(ban.remaining().toMillis(), Duration.ofDays(36_500).toMillis());
        String value =
                (redisMillis() + left) + "|" + ban.count() + "|" + ban.reason().replace('|', ' ');
        String key = key(ban);
        link.ask(
                client -> map(client).fastPutAsync(key, value),
                Answers.got(isNew -> link.publish("ban", key, value, link.node)));
    }

    /** Reads {@code address|host|exit} and {@code until|count|reason}; {@code null} if it is over or not of this form. */
    private @Nullable Ban parse(String key, String value) {
        String[] place = key.split("\\|", -1);
        String[] ban = value.split("\\|", -1);
        try {
            long left = Long.parseLong(ban[0]) - redisMillis();
            return left <= 0
                    ? null
                    : new Ban(
                            InetAddress.getByName(place[0]),
                            place[1].isEmpty() ? null : place[1],
                            place[2],
                            Integer.parseInt(ban[1]),
                            Duration.ofMillis(left),
                            ban[2]);
        } catch (UnknownHostException | RuntimeException e) {
            LOG.warn("a ban in Redis is not understood: {}", key);
            return null;
        }
    }

    /** Takes over what is stored, drops what is over, and stores what is missing. */
    private void look() {
        link.ask(client -> map(client).readAllMapAsync(), Answers.got(stored -> {
            List<Ban> bans = new ArrayList<>();
            List<String> over = new ArrayList<>();
            for (Map.Entry<String, String> entry : stored.entrySet()) {
                Ban ban = parse(entry.getKey(), entry.getValue());
                if (ban != null) {
                    bans.add(ban);
                } else {
                    over.add(entry.getKey());
                }
            }
            for (Ban own : addresses.bans()) {
                if (!stored.containsKey(key(own))) {
                    store(own);
                }
            }
            addresses.adopt(bans);
            if (!over.isEmpty()) {
                link.ask(client -> map(client).fastRemoveAsync(over.toArray(String[]::new)), Answers.ignored());
            }
        }));
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
            if (words.get(0).equals("ban") && words.size() == 8) {
                Ban ban = parse(String.join("|", words.subList(1, 4)), String.join("|", words.subList(4, 7)));
                if (ban != null) {
                    addresses.adopt(List.of(ban));
                }
            } else if (words.get(0).equals("lift") && words.size() == 3) {
                try {
                    addresses.adoptLift(InetAddress.getByName(words.get(1)));
                } catch (UnknownHostException e) {
                    LOG.warn("a message in Redis is not understood: {}", words);
                }
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
