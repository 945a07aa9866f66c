package io.github.hc5.utls.address;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which addresses are banned, by a response's status for one host or by the user for all, how often in a row,
 * and which addresses have answered well. A ban by status lasts {@code banTime}, and each further one in a row
 * {@code growth} times as long, up to a limit; a success clears the count. Bounded in size; bans outlive the pools of the
 * hosts they are about. Thread-safe.
 */
public final class AddressBans {

    private static final Duration MEMORY = Duration.ofHours(24);

    /** An address as reached for a host through an exit. */
    public record Place(String host, String exit, InetAddress address) {}

    private static final String BY_USER = "by the user";

    private record Entry(int count, long untilNanos, String reason) {}

    private final LongSupplier clock;
    private final Cache<Place, Entry> banned;
    private final Cache<Place, Boolean> good;
    private final Map<InetAddress, Entry> byUser = new ConcurrentHashMap<>();
    private volatile BanSettings settings;

    private volatile @Nullable BanListener listener;

    /** The statuses of any rule, so that all other responses cost one look. */
    private volatile BitSet statuses;

    /** @param clock as {@link System#nanoTime()} */
    public AddressBans(BanSettings settings, LongSupplier clock) {
        this.settings = settings;
        this.statuses = statuses(settings);
        this.clock = clock;
        this.banned = cache(settings);
        this.good = cache(settings);
    }

    private <V> Cache<Place, V> cache(BanSettings bounds) {
        return Caffeine.newBuilder()
                .maximumSize(bounds.maxBans())
                .expireAfterWrite(MEMORY)
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Sets who hears of the bans made here; {@code null}: nobody. */
    public void setListener(@Nullable BanListener banListener) {
        listener = banListener;
    }

    /**
     * Takes over a ban that was made elsewhere, without telling the listener. Where the same is banned for longer already,
     * that ban stands.
     */
    public void adopt(Ban ban) {
        if (ban.remaining().isZero() || ban.remaining().isNegative()) {
            return;
        }
        Entry entry = new Entry(ban.count(), clock.getAsLong() + nanos(ban.remaining()), ban.reason());
        String host = ban.host();
        if (host == null) {
            byUser.merge(ban.address(), entry, AddressBans::later);
        } else {
            Place place = new Place(host, ban.exit(), ban.address());
            good.invalidate(place);
            banned.asMap().merge(place, entry, AddressBans::later);
        }
    }

    private static Entry later(Entry one, Entry other) {
        return one.untilNanos() - other.untilNanos() >= 0 ? one : other;
    }

    private static long nanos(Duration time) {
        return time.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 4 : time.toNanos();
    }

    public BanSettings settings() {
        return settings;
    }

    /** Replaces the rules and times; what is banned stays so for the time it was given. The bound on size stays. */
    public void setSettings(BanSettings newSettings) {
        settings = newSettings;
        statuses = statuses(newSettings);
    }

    private static BitSet statuses(BanSettings settings) {
        BitSet set = new BitSet();
        settings.rules().forEach(rule -> rule.statuses().forEach(set::set));
        return set;
    }

    /** Whether there is a host for which a response with this status may ban. */
    public boolean mayBan(int status) {
        return statuses.get(status);
    }

    /** Whether a response bans the address that gave it. */
    public boolean isBanning(String host, int status, UnaryOperator<@Nullable String> headers) {
        for (BanRule rule : settings.rules()) {
            if (rule.covers(host)) {
                BanRule.Condition condition = rule.condition();
                return rule.statuses().contains(status) && (condition == null || condition.bans(status, headers));
            }
        }
        return false;
    }

    /** What the beginning of a response's body is to be asked; {@code null}, as is usual: nothing. */
    public BanRule.@Nullable BodyCondition bodyCondition(String host, int status) {
        for (BanRule rule : settings.rules()) {
            if (rule.covers(host)) {
                return rule.condition() instanceof BanRule.BodyCondition body
                                && rule.statuses().contains(status)
                        ? body
                        : null;
            }
        }
        return null;
    }

    /** Bans an address by a response's status; returns for how long. Where it is banned already, that ban stands. */
    public Duration ban(Place place, int status) {
        long now = clock.getAsLong();
        BanSettings s = settings;
        good.invalidate(place);
        boolean[] isNew = {true};
        Entry entry = banned.asMap().compute(place, (key, before) -> {
            isNew[0] = before == null || now - before.untilNanos() >= 0;
            if (before != null && now - before.untilNanos() < 0) {
                return before;
            }
            int count = before == null ? 1 : before.count() + 1;
            double nanos = s.banTime().toNanos() * Math.pow(s.growth(), count - 1);
            long time = (long) Math.min((double) s.maxBanTime().toNanos(), nanos);
            return new Entry(count, now + time, "status " + status);
        });
        Duration left = Duration.ofNanos(entry.untilNanos() - now);
        BanListener told = listener;
        if (told != null && isNew[0]) {
            told.banned(new Ban(place.address(), place.host(), place.exit(), entry.count(), left, entry.reason()));
        }
        return left;
    }

    /** When the ban of an address by status ends, or {@code otherwise} if there is none. */
    public long bannedUntil(Place place, long otherwise) {
        Entry entry = banned.getIfPresent(place);
        return entry != null && clock.getAsLong() - entry.untilNanos() < 0 ? entry.untilNanos() : otherwise;
    }

    /** The address has answered well: it is known as good, and its bans are forgotten. */
    public void succeeded(Place place) {
        if (good.getIfPresent(place) == null) {
            good.put(place, Boolean.TRUE);
            banned.invalidate(place);
        }
    }

    /** Whether the address answered well when it last answered. */
    public boolean isKnownGood(Place place) {
        return good.getIfPresent(place) != null;
    }

    /** Returns the addresses that answered well when they last did, to be kept over a restart. */
    public Set<Place> knownGood() {
        return Set.copyOf(good.asMap().keySet());
    }

    /** Takes over what was known before a restart; what is known already stays. */
    public void restore(Iterable<Place> knownGood) {
        knownGood.forEach(place -> good.asMap().putIfAbsent(place, Boolean.TRUE));
    }

    // ---- by the user

    /** Bans an address for every host. */
    public void ban(InetAddress address, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time is " + time + ", must be positive");
        }
        byUser.put(address, new Entry(1, clock.getAsLong() + nanos(time), BY_USER));
        BanListener told = listener;
        if (told != null) {
            told.banned(new Ban(address, null, "", 1, time, BY_USER));
        }
    }

    /** Ends every ban of an address; returns whether there was one. */
    public boolean lift(InetAddress address) {
        boolean any = byUser.remove(address) != null;
        for (Place place : new ArrayList<>(banned.asMap().keySet())) {
            if (place.address().equals(address)) {
                any |= bannedUntil(place, Long.MIN_VALUE) != Long.MIN_VALUE;
                banned.invalidate(place);
            }
        }
        return any;
    }

    /** Whether the user has banned the address. */
    public boolean isBannedByUser(InetAddress address) {
        Entry entry = byUser.isEmpty() ? null : byUser.get(address);
        if (entry != null && clock.getAsLong() - entry.untilNanos() >= 0) {
            byUser.remove(address, entry);
            return false;
        }
        return entry != null;
    }

    /** When the next ban by the user ends, {@code never} if there is none. */
    public long nextUserBanEnds(long never) {
        long now = clock.getAsLong();
        byUser.values().removeIf(entry -> now - entry.untilNanos() >= 0);
        long next = never;
        for (Entry entry : byUser.values()) {
            next = Math.min(next, entry.untilNanos());
        }
        return next;
    }

    /** Returns the bans in force. */
    public List<Ban> list() {
        long now = clock.getAsLong();
        List<Ban> result = new ArrayList<>();
        byUser.forEach((address, entry) -> add(result, address, null, "", entry, now));
        banned.asMap().forEach((place, entry) -> add(result, place.address(), place.host(), place.exit(), entry, now));
        return List.copyOf(result);
    }

    private static void add(
            List<Ban> to, InetAddress address, @Nullable String host, String exit, Entry entry, long now) {
        if (now - entry.untilNanos() < 0) {
            Duration left = Duration.ofNanos(entry.untilNanos() - now);
            to.add(new Ban(address, host, exit, entry.count(), left, entry.reason()));
        }
    }
}
