package io.github.hc5.utls.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One kind of work and what is told of it.
 *
 * @param group workloads of one group are points of one curve
 * @param size where on the curve this one is
 * @param title names it in the report
 * @param figures what is told; the first ranks
 * @param bodyBytes of each response
 * @param hosts asked in turn
 * @param task with no URLs yet
 */
record Workload(Group group, int size, String title, List<Figure> figures, int bodyBytes, int hosts, Task task) {

    enum Group {
        REQUESTS("Requests per second, 33 B, by concurrency", "requests in flight"),
        BODY("Larger bodies", ""),
        HOSTS("Many hosts", "hosts"),
        BULK("Bulk download", ""),
        HANDSHAKES("A new connection for each request", ""),
        COLD_START("Cold start", ""),
        PREWARM("Pre-warming", ""),
        IDLE("Idle HTTP/1.1 connections", "connections");

        final String title;
        final String axis;

        Group(String title, String axis) {
            this.title = title;
            this.axis = axis;
        }
    }

    /**
     * A number of an outcome.
     *
     * @param unit as a table's heading
     * @param moreIsBetter which way it ranks
     */
    record Figure(String unit, boolean moreIsBetter, ToDoubleFunction<Outcome> of) {}

    private static final Figure PER_SECOND = new Figure("requests/s", true, Outcome::requestsPerSecond);
    private static final Figure P50 = new Figure("p50 µs", false, Outcome::p50Micros);
    private static final Figure P99 = new Figure("p99 µs", false, Outcome::p99Micros);
    private static final Figure P999 = new Figure("p99.9 µs", false, Outcome::p999Micros);
    private static final Figure CPU = new Figure("CPU µs/request", false, Outcome::cpuMicrosPerRequest);
    private static final Figure ALLOCATED =
            new Figure("heap B/request", false, o -> perRequest(o, (double) o.allocatedBytes()));

    private static double perRequest(Outcome outcome, double total) {
        return outcome.requests() == 0 ? 0 : total / outcome.requests();
    }

    /** Returns this one, its loads of another length; the others are as long as they take. */
    Workload lasting(long millis) {
        return task.millis() == 0
                ? this
                : new Workload(
                        group,
                        size,
                        title,
                        figures,
                        bodyBytes,
                        hosts,
                        new Task(task.kind(), task.uris(), task.concurrency(), millis, task.requests()));
    }

    static Workload requests(int bodyBytes, int concurrency, int hosts, long millis) {
        Group group = hosts > 1 ? Group.HOSTS : bodyBytes > 33 ? Group.BODY : Group.REQUESTS;
        String title = bodyBytes + " B, " + concurrency + " in flight" + (hosts > 1 ? ", " + hosts + " hosts" : "");
        return new Workload(
                group,
                hosts > 1 ? hosts : concurrency,
                title,
                List.of(PER_SECOND, P50, P99, P999, CPU, ALLOCATED),
                bodyBytes,
                hosts,
                Task.load(List.of(), concurrency, millis));
    }

    static Workload bulk(int bodyBytes, int concurrency, long millis) {
        return new Workload(
                Group.BULK,
                concurrency,
                "1 MiB, " + concurrency + " in flight",
                List.of(
                        new Figure("MB/s", true, o -> o.bodyBytes() / 1e6 / o.seconds()),
                        new Figure("MB per CPU second", true, o -> o.bodyBytes() / 1e6 / o.cpuSeconds())),
                bodyBytes,
                1,
                Task.load(List.of(), concurrency, millis));
    }

    static Workload handshakes(int concurrency, long millis) {
        return new Workload(
                Group.HANDSHAKES,
                concurrency,
                "HTTP/1.1, " + concurrency + " in flight",
                List.of(
                        new Figure("connections per CPU second", true, o -> o.requests() / o.cpuSeconds()),
                        PER_SECOND,
                        P99),
                33,
                1,
                new Task(Task.Kind.LOAD_WITHOUT_REUSE, List.of(), concurrency, millis, 0));
    }

    static Workload coldStart(int requests, int hosts) {
        return new Workload(
                Group.COLD_START,
                requests,
                requests + " first requests to " + (hosts == 1 ? "one host" : hosts + " hosts"),
                List.of(new Figure("ms", false, o -> o.seconds() * 1e3), P99),
                33,
                hosts,
                Task.of(Task.Kind.COLD_START, List.of(), requests));
    }

    static Workload prewarm(int connections) {
        return new Workload(
                Group.PREWARM,
                connections,
                connections + " connections",
                List.of(
                        new Figure("s", false, Outcome::seconds),
                        new Figure("connections per CPU second", true, o -> o.requests() / o.cpuSeconds())),
                33,
                1,
                Task.of(Task.Kind.PREWARM, List.of(), connections));
    }

    static Workload idle(int connections) {
        return new Workload(
                Group.IDLE,
                connections,
                connections + " connections",
                List.of(
                        new Figure("heap KiB/connection", false, o -> perRequest(o, o.heapBytes() / 1024.0)),
                        new Figure("resident KiB/connection", false, o -> perRequest(o, o.residentBytes() / 1024.0)),
                        new Figure("ms to open all", false, o -> o.seconds() * 1e3)),
                33,
                1,
                Task.of(Task.Kind.IDLE_CONNECTIONS, List.of(), connections));
    }

    /** Returns the task with the URLs of the server. */
    Task at(BenchServer server) {
        return new Task(task.kind(), server.urls(bodyBytes, hosts), task.concurrency(), task.millis(), task.requests());
    }
}
