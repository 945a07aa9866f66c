package io.github.hc5.utls.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Redis and what a node holds of a host the same: renews the ids, gets new ones for those that were lost or never
 * had one, and revokes the permits for which there are none. Confined to the link's thread.
 */
final class PermitBacking {

    private final HostCap cap;
    private final PermitIds total;
    private int renewing;
    private boolean backing;

    PermitBacking(HostCap cap, PermitIds total) {
        this.cap = cap;
        this.total = total;
    }

    /** Whether it is being found out what this node has: nothing more is to be taken before that. */
    boolean isBusy() {
        return backing;
    }

    /** Renews all; then backs what is not backed. */
    void renew() {
        if (renewing > 0 || backing) {
            return;
        }
        renewing = 1;
        for (HeldPermit permit : cap.held()) {
            renew(cap.ids, permit, p -> p.hostId, (p, id) -> p.hostId = id);
            renew(total, permit, p -> p.totalId, (p, id) -> p.totalId = id);
        }
        renewed();
    }

    private void renew(
            PermitIds ids,
            HeldPermit permit,
            Function<HeldPermit, @Nullable String> get,
            BiConsumer<HeldPermit, @Nullable String> set) {
        String id = get.apply(permit);
        if (id == null) {
            return;
        }
        renewing++;
        ids.renew(id, new RedisLink.Answer<>() {
            @Override
            public void got(Boolean kept) {
                late(kept);
                renewed();
            }

            @Override
            public void failed() {
                renewed();
            }

            @Override
            public void late(Boolean kept) {
                if (!kept && id.equals(get.apply(permit))) {
                    set.accept(permit, null);
                }
            }
        });
    }

    private void renewed() {
        if (--renewing == 0 && cap.link.isUp() && !backing) {
            backing = true;
            back(
                    cap.ids,
                    p -> p.hostId,
                    (p, id) -> p.hostId = id,
                    () -> back(total, p -> p.totalId, (p, id) -> p.totalId = id, () -> {
                        backing = false;
                        cap.pump();
                    }));
        }
    }

    private void back(
            PermitIds ids,
            Function<HeldPermit, @Nullable String> get,
            BiConsumer<HeldPermit, @Nullable String> set,
            Runnable next) {
        List<HeldPermit> missing = missing(ids, get);
        if (missing.isEmpty()) {
            next.run();
        } else {
            new Round(ids, get, set, next).take(Math.min(missing.size(), cap.link.settings.blockSize()));
        }
    }

    private List<HeldPermit> missing(PermitIds ids, Function<HeldPermit, @Nullable String> get) {
        List<HeldPermit> result = new ArrayList<>();
        if (ids.isCapped()) {
            for (HeldPermit permit : cap.held()) {
                if (get.apply(permit) == null) {
                    result.add(permit);
                }
            }
        }
        return result;
    }

    /** Gets ids for those that have none. */
    private final class Round {

        private final PermitIds ids;
        private final Function<HeldPermit, @Nullable String> get;
        private final BiConsumer<HeldPermit, @Nullable String> set;
        private final Runnable next;
        private boolean stored;

        Round(
                PermitIds ids,
                Function<HeldPermit, @Nullable String> get,
                BiConsumer<HeldPermit, @Nullable String> set,
                Runnable next) {
            this.ids = ids;
            this.get = get;
            this.set = set;
            this.next = next;
        }

        void take(int count) {
            ids.take(count, new RedisLink.Answer<>() {
                @Override
                public void got(List<String> taken) {
                    if (!taken.isEmpty()) {
                        assign(taken);
                    } else if (count > 1) {
                        take(count / 2);
                    } else {
                        none();
                    }
                }

                @Override
                public void failed() {
                    next.run();
                }
            });
        }

        private void assign(List<String> taken) {
            List<HeldPermit> missing = missing(ids, get);
            for (int i = 0; i < taken.size(); i++) {
                if (i < missing.size()) {
                    set.accept(missing.get(i), taken.get(i));
                } else {
                    ids.giveBack(taken.get(i));
                }
            }
            int left = missing.size() - taken.size();
            if (left > 0) {
                take(Math.min(left, cap.link.settings.blockSize()));
            } else {
                next.run();
            }
        }

        private void none() {
            if (stored) {
                revoke();
                return;
            }
            stored = true;
            ids.storeIfMissing(new RedisLink.Answer<>() {
                @Override
                public void got(Boolean missing) {
                    if (missing) {
                        take(1);
                    } else {
                        revoke();
                    }
                }

                @Override
                public void failed() {
                    next.run();
                }
            });
        }

        private void revoke() {
            missing(ids, get).forEach(HeldPermit::revoke);
            next.run();
        }
    }
}
