package io.github.hc5.utls.cluster;

import io.github.hc5.utls.pool.PoolState;
import io.github.hc5.utls.pool.StateFormat;
import io.github.hc5.utls.pool.StateFormatException;
import io.github.hc5.utls.pool.StateStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool's state in Redis, in the text form of {@link StateFormat}: one value for all nodes with the same key prefix, of
 * which the last one written stands. A value that is not understood is moved to a key of its own. Calls block, for a few
 * seconds at most.
 */
final class RedisStateStore implements StateStore {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStateStore.class);
    private static final String STATE = "state";
    private static final String DAMAGED = "state:damaged";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long AGAIN_MILLIS = 100;

    private final RedisLink link;

    RedisStateStore(RedisLink link) {
        this.link = link;
    }

    @Override
    public @Nullable PoolState load() throws IOException {
        String text = command(client -> bucket(client, STATE).getAsync()).orElse(null);
        if (text == null) {
            return null;
        }
        try {
            return StateFormat.read(text);
        } catch (StateFormatException e) {
            LOG.warn("the state in {} is not used and kept as {}: {}", this, link.key(DAMAGED), e.getMessage());
            command(client -> bucket(client, DAMAGED).setAsync(text));
            command(client -> bucket(client, STATE).deleteAsync());
            return null;
        }
    }

    @Override
    public void save(PoolState state) throws IOException {
        String text = StateFormat.write(state);
        command(client -> bucket(client, STATE).setAsync(text));
    }

    private RBucket<String> bucket(RedissonClient client, String name) {
        return client.getBucket(link.key(name), StringCodec.INSTANCE);
    }

    /** Waits for the answer; while the link is still connecting, for that too. */
    private <T> Optional<T> command(Function<RedissonClient, RFuture<T>> command) throws IOException {
        CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        link.run(() -> ask(command, answer, deadline));
        try {
            return answer.get(2 * PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Redis", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Redis has not answered", e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // not to be called off
    private <T> void ask(
            Function<RedissonClient, RFuture<T>> command, CompletableFuture<Optional<T>> answer, long deadlineNanos) {
        if (link.isUp()) {
            link.ask(command, new RedisLink.Answer<T>() {
                @Override
                public void got(T value) {
                    answer.complete(Optional.ofNullable(value));
                }

                @Override
                public void failed() {
                    answer.completeExceptionally(new IOException("no answer in time"));
                }
            });
        } else if (System.nanoTime() - deadlineNanos < 0) {
            link.later(AGAIN_MILLIS, () -> ask(command, answer, deadlineNanos));
        } else {
            answer.completeExceptionally(new IOException("the link to Redis is " + link.state()));
        }
    }

    @Override
    public String toString() {
        return "Redis key " + link.key(STATE);
    }
}
