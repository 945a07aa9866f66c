package io.github.hc5.utls.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What is measured, how often, and for how long.
 *
 * @param name of the form: {@code quick} or {@code full}
 * @param rounds how often; a table gives the median
 * @param warmUpMillis under load before the first round
 * @param loadMillis of one load
 * @param workloads in the order of the report
 */
record Plan(String name, int rounds, long warmUpMillis, long loadMillis, List<Workload> workloads) {

    private static final int SMALL = BenchServer.BODY_BYTES.get(0);
    private static final int MEDIUM = BenchServer.BODY_BYTES.get(1);
    private static final int LARGE = BenchServer.BODY_BYTES.get(2);
    private static final int COLD_REQUESTS = 128;

    /** Under five minutes on two cores. */
    static Plan quick() {
        long millis = 800;
        List<Workload> workloads = new ArrayList<>();
        for (int concurrency : List.of(1, 16, 128, 512)) {
            workloads.add(Workload.requests(SMALL, concurrency, 1, millis));
        }
        workloads.add(Workload.bulk(LARGE, 4, millis));
        workloads.add(Workload.handshakes(16, millis));
        workloads.add(Workload.coldStart(COLD_REQUESTS, 1));
        return new Plan("quick", 3, 6_000, millis, workloads);
    }

    /** Everything; about an hour. */
    static Plan full() {
        long millis = 4_000;
        List<Workload> workloads = new ArrayList<>();
        for (int concurrency : List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)) {
            workloads.add(Workload.requests(SMALL, concurrency, 1, millis));
        }
        workloads.add(Workload.requests(MEDIUM, 128, 1, millis));
        for (int hosts : List.of(8, 64)) {
            workloads.add(Workload.requests(SMALL, 128, hosts, millis));
        }
        workloads.add(Workload.bulk(LARGE, 4, millis));
        workloads.add(Workload.handshakes(16, millis));
        workloads.add(Workload.coldStart(COLD_REQUESTS, 1));
        workloads.add(Workload.coldStart(100, 100));
        workloads.add(Workload.prewarm(1_000));
        for (int connections : List.of(10, 100, 1_000, 5_000, 10_000)) {
            workloads.add(Workload.idle(connections));
        }
        return new Plan("full", 3, 60_000, millis, workloads);
    }

    /** Returns what runs before the first round: every path that is measured is to be compiled by then. */
    List<Task> warmUp(BenchServer server) {
        List<Task> tasks = new ArrayList<>();
        tasks.add(Task.load(server.urls(SMALL, 1), 64, warmUpMillis / 2));
        if (workloads.stream().anyMatch(w -> w.bodyBytes() == LARGE)) {
            tasks.add(Task.load(server.urls(LARGE, 1), 4, warmUpMillis / 4));
        }
        if (workloads.stream().anyMatch(w -> w.task().kind() != Task.Kind.LOAD)) {
            tasks.add(new Task(Task.Kind.LOAD_WITHOUT_REUSE, server.urls(SMALL, 1), 16, warmUpMillis / 4, 0));
        }
        return tasks;
    }

    /** Returns this plan in another length: as loads are made longer, the spread gets smaller. */
    Plan lasting(int newRounds, long newWarmUpMillis, long newLoadMillis) {
        return new Plan(
                name,
                newRounds,
                newWarmUpMillis,
                newLoadMillis,
                workloads.stream().map(w -> w.lasting(newLoadMillis)).toList());
    }

    /** Returns this plan with only the workloads whose title contains the text. */
    Plan only(String text) {
        return new Plan(
                name,
                rounds,
                warmUpMillis,
                loadMillis,
                workloads.stream().filter(w -> w.title().contains(text)).toList());
    }
}
