package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ExtensionSpec;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Ephemeral keys made ahead of the connections that will use them, off the I/O threads. Each taken set is replaced in the
 * background; where a burst outruns that, the caller makes its own, so that taking never waits. Safe for use by several
 * threads.
 */
final class KeySharePool {

    /** Enough for a burst of a pool's pre-warming batch, at about 4 KiB a set for the hybrid group. */
    static final int CAPACITY = 64;

    private static final Executor BACKGROUND = backgroundThread();

    private final TlsCrypto crypto;
    private final SecureRandom random;
    private final Executor executor;
    private final Map<ExtensionSpec.KeyShares, Stock> stocks = new ConcurrentHashMap<>();

    KeySharePool(SecureRandom random) {
        this(random, BACKGROUND);
    }

    KeySharePool(SecureRandom random, Executor executor) {
        this.crypto = new BcTlsCrypto(random);
        this.random = random;
        this.executor = executor;
    }

    /** Returns a set of keys that no other caller gets. */
    KeyShareSet take(ExtensionSpec.KeyShares spec) throws IOException {
        Stock stock = stocks.computeIfAbsent(spec, Stock::new);
        KeyShareSet set = stock.sets.poll();
        stock.refillLater();
        return set != null ? set : KeyShareSet.generate(spec, crypto, random);
    }

    /** Starts to make keys for the given shares, before the first connection asks for them. */
    void prepare(ExtensionSpec.KeyShares spec) {
        stocks.computeIfAbsent(spec, Stock::new).refillLater();
    }

    /** Returns the number of sets ready to be taken. */
    int ready(ExtensionSpec.KeyShares spec) {
        Stock stock = stocks.get(spec);
        return stock == null ? 0 : stock.sets.size();
    }

    /** One daemon thread for the process, which ends when nothing has been asked of it for a second. */
    private static Executor backgroundThread() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "utls-key-shares");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private final class Stock implements Runnable {

        private final ExtensionSpec.KeyShares spec;
        private final ConcurrentLinkedQueue<KeyShareSet> sets = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean refilling = new AtomicBoolean();

        Stock(ExtensionSpec.KeyShares spec) {
            this.spec = spec;
        }

        void refillLater() {
            if (refilling.compareAndSet(false, true)) {
                executor.execute(this);
            }
        }

        @Override
        public void run() {
            try {
                for (int missing = CAPACITY - sets.size(); missing > 0; missing--) {
                    sets.add(KeyShareSet.generate(spec, crypto, random));
                }
            } catch (IOException e) {
                // The caller that takes from an empty stock meets the same error and reports it.
                sets.clear();
            } finally {
                refilling.set(false);
            }
        }
    }
}
