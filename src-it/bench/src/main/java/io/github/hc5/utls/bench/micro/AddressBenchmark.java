package io.github.hc5.utls.bench.micro;

import io.github.hc5.utls.pool.AddressSteps;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http2.HttpVersionPolicy;
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
import org.openjdk.jmh.annotations.Warmup;

/** Choosing one of several addresses for a lease and recording what came of the exchange: 100 ns at most, no garbage. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
public class AddressBenchmark {

    @Param({"1", "8"})
    private int addresses;

    private HotRoute hot;
    private AddressSteps steps;
    private long elapsed;

    @Setup
    public void open() throws Exception {
        hot = new HotRoute(addresses, addresses, HttpVersionPolicy.FORCE_HTTP_1);
        steps = new AddressSteps(hot.manager, hot.route);
        if (steps.connections() != addresses) {
            throw new IllegalStateException(steps.connections() + " connections are open, wanted " + addresses);
        }
    }

    @TearDown
    public void close() throws Exception {
        hot.close();
    }

    @Benchmark
    public Object chooseAndRecord() {
        return steps.chooseAndRecord(++elapsed & 0xfffff);
    }
}
