package io.github.hc5.utls.cluster;

import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;

/**
 * The commands of a {@link RedisLink}: brings each answer, failure and delay to the link's thread, tells from them how Redis
 * fares, and knows when all are answered, so that a goodbye comes last. Confined to the link's thread.
 */
final class RedisCalls {

    private final RedisLink link;
    private @Nullable RedissonClient client;
    private int unanswered;

    /** What to do once all commands are answered. */
    private @Nullable Runnable last;

    /** Since when no answer has come in time, 0 if the last one has. */
    private long lateSinceNanos;

    RedisCalls(RedisLink link) {
        this.link = link;
    }

    void connected(RedissonClient to) {
        client = to;
    }

    @Nullable
    RedissonClient client() {
        return client;
    }

    /** Sends nothing from here on. */
    @Nullable
    RedissonClient disconnect() {
        RedissonClient before = client;
        client = null;
        return before;
    }

    /** Runs the task once no command is without its answer. */
    void whenAnswered(Runnable task) {
        if (unanswered == 0) {
            task.run();
        } else {
            last = task;
        }
    }

    /** Sends a command if there is a connection; what comes of it is told on the thread. */
    <T> void ask(Function<RedissonClient, RFuture<T>> command, RedisLink.Answer<T> answer) {
        RedissonClient to = client;
        if (to == null) {
            answer.failed();
            return;
        }
        boolean[] told = new boolean[1];
        ScheduledFuture<?> timer = link.later(link.settings.timeout().toMillis(), () -> {
            if (!told[0]) {
                told[0] = true;
                tooLate();
                answer.failed();
            }
        });
        RFuture<T> future;
        try {
            future = command.apply(to);
        } catch (RuntimeException e) {
            RedisLink.cancel(timer);
            link.failed(e);
            answer.failed();
            return;
        }
        unanswered++;
        future.whenComplete((value, failure) -> link.run(() -> {
            RedisLink.cancel(timer);
            boolean late = told[0];
            told[0] = true;
            if (failure != null) {
                link.failed(failure);
                if (!late) {
                    answer.failed();
                }
            } else if (late) {
                if (link.state() == ClusterState.DOWN) {
                    link.change(ClusterState.SLOW, "answers again, but too late");
                }
                answer.late(value);
            } else {
                lateSinceNanos = 0;
                answer.got(value);
            }
            if (--unanswered == 0 && last != null) {
                last.run();
            }
        }));
    }

    /** A single late answer may be this machine's doing; Redis is slow if none has come in time since. */
    private void tooLate() {
        long now = System.nanoTime();
        if (lateSinceNanos == 0) {
            lateSinceNanos = now;
        }
        if (link.isUp() && now - lateSinceNanos >= link.settings.timeout().toNanos()) {
            link.change(
                    ClusterState.SLOW,
                    "no answer within " + link.settings.timeout().toMillis() + " ms");
        }
    }
}
