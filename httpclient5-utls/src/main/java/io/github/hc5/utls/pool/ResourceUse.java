package io.github.hc5.utls.pool;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;

/**
 * What the process and the pool's own threads use.
 *
 * @param heapUsed bytes of the heap in use
 * @param heapMax bytes the heap may grow to; -1 where there is no limit
 * @param directMemory bytes of direct buffers
 * @param processCpu CPU time of the process; zero where the platform does not tell
 * @param poolCpu CPU time of the pool's threads, which do its I/O, TLS and upkeep; zero where the JVM does not tell
 * @param poolThreads threads of the pool
 */
public record ResourceUse(
        long heapUsed, long heapMax, long directMemory, Duration processCpu, Duration poolCpu, int poolThreads) {

    static ResourceUse of(List<Thread> threads) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        ThreadMXBean times = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        int alive = 0;
        for (Thread thread : threads) {
            if (thread.isAlive()) {
                alive++;
                nanos += times.isThreadCpuTimeSupported() ? Math.max(0, times.getThreadCpuTime(thread.getId())) : 0;
            }
        }
        return new ResourceUse(
                heap.getUsed(),
                heap.getMax(),
                direct,
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO),
                Duration.ofNanos(nanos),
                alive);
    }
}
