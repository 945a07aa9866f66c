package io.github.hc5.utls.cluster;

import java.util.function.Consumer;

/** Answers of which only the good one is of interest: what failed is done again with a later heartbeat, or not needed. */
final class Answers {

    private Answers() {}

    static <T> RedisLink.Answer<T> got(Consumer<T> consumer) {
        return new RedisLink.Answer<>() {
            @Override
            public void got(T value) {
                consumer.accept(value);
            }

            @Override
            public void failed() {}
        };
    }

    static <T> RedisLink.Answer<T> ignored() {
        return got(value -> {});
    }
}
