package io.github.hc5.utls.bench;

import org.jspecify.annotations.Nullable;

/**
 * What a task came to; one line of JSON. What was not measured is zero.
 *
 * @param requests answered with 200
 * @param errors not answered so
 * @param error the first of these
 * @param seconds from the first request to the last answer
 * @param cpuSeconds of the whole process in that time
 * @param allocatedBytes on the heap in that time
 * @param bodyBytes received
 * @param p50Micros median response time
 * @param heapBytes what the connections hold on the heap
 * @param residentBytes by how much the process grew
 */
record Outcome(
        long requests,
        long errors,
        @Nullable String error,
        double seconds,
        double cpuSeconds,
        long allocatedBytes,
        long bodyBytes,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        long heapBytes,
        long residentBytes) {

    /** What a client came to that did nothing: it took for ever. */
    static Outcome none(String error) {
        double never = Double.POSITIVE_INFINITY;
        return new Outcome(0, 1, error, never, never, 0, 0, never, never, never, 0, 0);
    }

    double requestsPerSecond() {
        return seconds == 0 ? 0 : requests / seconds;
    }

    double cpuMicrosPerRequest() {
        return requests == 0 ? 0 : cpuSeconds * 1e6 / requests;
    }

    Outcome withMemory(long heap, long resident) {
        return new Outcome(
                requests,
                errors,
                error,
                seconds,
                cpuSeconds,
                allocatedBytes,
                bodyBytes,
                p50Micros,
                p99Micros,
                p999Micros,
                heap,
                resident);
    }
}
