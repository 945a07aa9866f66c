package io.github.hc5.utls.bench.micro;

import java.io.Closeable;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;
import org.apache.hc.core5.pool.LaxConnPool;
import org.apache.hc.core5.pool.ManagedConnPool;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One lease and one release where connections are free: the whole hot manager, against the bare pools that the stock manager
 * puts its own work on top of. {@code hot1} leases connections that one request at a time may have, as theirs; {@code hot2}
 * leases streams of a shared connection, which the stock pools do not have.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
public class LeaseBenchmark {

    private static final int CONNECTIONS = 16;

    /** Which pool. */
    public enum Pool {
        hot1,
        hot2,
        strict,
        lax
    }

    @Param
    private Pool pool;

    private Leasing leasing;

    /** One lease and its release, as each pool has them. */
    private interface Leasing extends Closeable {
        Object once() throws Exception;
    }

    @Setup
    public void open() throws Exception {
        leasing = switch (pool) {
            case hot1 -> new Hot(CONNECTIONS, HttpVersionPolicy.FORCE_HTTP_1);
            case hot2 -> new Hot(1, HttpVersionPolicy.FORCE_HTTP_2);
            case strict ->
                new Stock(new StrictConnPool<>(
                        CONNECTIONS, CONNECTIONS, TimeValue.NEG_ONE_MILLISECOND, PoolReusePolicy.LIFO, null, null));
            case lax ->
                new Stock(new LaxConnPool<>(
                        CONNECTIONS, TimeValue.NEG_ONE_MILLISECOND, PoolReusePolicy.LIFO, null, null));
        };
    }

    @TearDown
    public void close() throws Exception {
        leasing.close();
    }

    @Benchmark
    @Threads(1)
    public Object alone() throws Exception {
        return leasing.once();
    }

    @Benchmark
    @Threads(8)
    public Object by8Threads() throws Exception {
        return leasing.once();
    }

    private static final class Hot implements Leasing {

        private final HotRoute route;

        Hot(int connections, HttpVersionPolicy version) throws Exception {
            route = new HotRoute(1, connections, version);
        }

        @Override
        public Object once() throws Exception {
            var endpoint = route.lease();
            route.release(endpoint);
            return endpoint;
        }

        @Override
        public void close() throws java.io.IOException {
            route.close();
        }
    }

    private static final class Stock implements Leasing {

        private static final HttpHost HOST = new HttpHost("http", "bench.test", 80);

        private final ManagedConnPool<HttpHost, Nothing> pool;

        Stock(ManagedConnPool<HttpHost, Nothing> pool) throws Exception {
            this.pool = pool;
            @SuppressWarnings({"unchecked", "rawtypes"})
            PoolEntry<HttpHost, Nothing>[] entries = new PoolEntry[CONNECTIONS];
            for (int i = 0; i < CONNECTIONS; i++) {
                entries[i] = pool.lease(HOST, null, Timeout.DISABLED, null).get();
                entries[i].assignConnection(new Nothing());
            }
            for (PoolEntry<HttpHost, Nothing> entry : entries) {
                pool.release(entry, true);
            }
        }

        @Override
        public Object once() throws Exception {
            PoolEntry<HttpHost, Nothing> entry =
                    pool.lease(HOST, null, Timeout.DISABLED, null).get();
            pool.release(entry, true);
            return entry;
        }

        @Override
        public void close() {
            pool.close(CloseMode.IMMEDIATE);
        }
    }

    private static final class Nothing implements ModalCloseable {
        @Override
        public void close(CloseMode closeMode) {}

        @Override
        public void close() {}
    }
}
